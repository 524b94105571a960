package txlookup.migrations.lint;

/** The file is not SQL: where, and what is wrong with it. */
final class SqlSyntaxException extends RuntimeException {
    private final int line;
    private final int column;

    SqlSyntaxException(int line, int column, String message) {
        super(message);
        this.line = line;
        this.column = column;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }
}
