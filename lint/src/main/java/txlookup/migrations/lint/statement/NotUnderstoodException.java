package txlookup.migrations.lint.statement;

import txlookup.migrations.lint.sql.SqlToken;

/** SQL that this reader does not know. It is reported, never passed over: what is not understood is not allowed. */
final class NotUnderstoodException extends RuntimeException {
    private final transient SqlToken token;

    NotUnderstoodException(SqlToken token, String message) {
        super(message);
        this.token = token;
    }

    SqlToken token() {
        return token;
    }
}
