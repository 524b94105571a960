package txlookup.api.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One connection in autocommit, opened when it is first used and again after a failure. For one thread at a time. */
public final class StoreSession implements AutoCloseable {
    private final DataSource source;
    private @Nullable Connection open;

    StoreSession(DataSource source) {
        this.source = source;
    }

    /** What is done with the connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    public synchronized <T> T use(Work<T> work) throws SQLException {
        Connection connection = open == null ? source.getConnection() : open;
        open = null;
        boolean done = false;
        try {
            T result = work.run(connection);
            done = true;
            return result;
        } finally {
            if (done) {
                open = connection;
            } else {
                connection.close();
            }
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        Connection connection = open;
        open = null;
        if (connection != null) {
            connection.close();
        }
    }
}
