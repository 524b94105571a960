package txlookup.backfill.pipeline;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import txlookup.apply.store.sql.SqlErrors;

/** The source database failed in a way that passes; the reading begins again at the checkpoint. */
final class SourceAway extends SQLTransientException {
    SourceAway(String input, SQLException cause) {
        super("the source of %s is away %s".formatted(input, LoadWaits.reason(cause)), cause.getSQLState(), cause);
    }

    /** Drivers of other databases say so by a class of exception rather than by a SQLSTATE. */
    static boolean is(SQLException e) {
        return SqlErrors.isTransient(e) || e instanceof SQLRecoverableException;
    }
}
