package txlookup.migrations.lint.sql;

/** The file is not SQL: where, and what is wrong with it. */
public final class SqlSyntaxException extends RuntimeException {
    private final int line;
    private final int column;

    SqlSyntaxException(int line, int column, String message) {
        super(message);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
