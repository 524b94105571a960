package txlookup.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/** Gives migrations that run outside a transaction, where SET LOCAL does nothing, their bounds, and takes them back. */
final class BoundsOutsideTransactions implements Callback {
    private @Nullable SessionBounds bounds;

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE
                || event == Event.AFTER_EACH_MIGRATE
                || event == Event.AFTER_EACH_MIGRATE_ERROR;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        Connection connection = context.getConnection();
        try {
            if (event != Event.BEFORE_EACH_MIGRATE) {
                restore();
            } else if (connection.getAutoCommit()) {
                bounds = SessionBounds.outsideTransactions(connection);
            }
        } catch (SQLException e) {
            throw new FlywayException("The session's timeouts could not be set: " + e.getMessage(), e);
        }
    }

    private void restore() throws SQLException {
        if (bounds != null) {
            bounds.close();
            bounds = null;
        }
    }

    @Override
    public String getCallbackName() {
        return "bounds outside transactions";
    }
}
