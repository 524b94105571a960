package txlookup.apply.decode;

/**
 * A field's value as the record holds it.
 *
 * @param kind what kind of JSON value it is
 * @param text a string's content, or a number's literal; the kind's name for everything else
 */
record JsonValue(Kind kind, String text) {
    enum Kind {
        STRING,
        INTEGER,
        DECIMAL,
        OTHER
    }

    /** The value for a message: quoted where it is a string, and never longer than a line. */
    String shown() {
        String cut = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        String printable = cut.replaceAll("\\p{Cntrl}", "?");
        return kind == Kind.STRING ? '"' + printable + '"' : printable;
    }
}
