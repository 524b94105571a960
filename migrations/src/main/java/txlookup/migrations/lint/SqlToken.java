package txlookup.migrations.lint;

/**
 * One token of PostgreSQL's SQL.
 *
 * @param text what it means: an unquoted word in lower case, a quoted identifier or string without its quotes
 * @param line from 1
 * @param column from 1
 * @param from where it begins in the file's text
 * @param to where it ends there
 */
record SqlToken(Kind kind, String text, int line, int column, int from, int to) {
    enum Kind {
        WORD,
        QUOTED_IDENTIFIER,
        STRING,
        NUMBER,
        SYMBOL,
        COMMENT
    }

    boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wordOrSymbol);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER;
    }
}
