package txlookup.migrations.lint.sql;

/**
 * One token of PostgreSQL's SQL.
 *
 * @param text what it means: an unquoted word in lower case, a quoted identifier or string without its quotes
 * @param line from 1
 * @param column from 1
 * @param from where it begins in the file's text
 * @param to where it ends there
 */
public record SqlToken(Kind kind, String text, int line, int column, int from, int to) {
    public enum Kind {
        WORD,
        QUOTED_IDENTIFIER,
        STRING,
        NUMBER,
        SYMBOL,
        COMMENT
    }

    public boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wordOrSymbol);
    }

    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER;
    }
}
