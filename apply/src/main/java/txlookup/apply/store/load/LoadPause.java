package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import javax.sql.DataSource;

/** Whether people keep a generation's backfill from going on; it is remembered in the store, so it outlives processes. */
public final class LoadPause {
    private static final String PAUSE = """
            INSERT INTO backfill_pause (paused_by) VALUES (?)
            ON CONFLICT ON CONSTRAINT backfill_pause_pkey DO NOTHING""";

    private static final String RESUME = "DELETE FROM backfill_pause";

    private static final String FIND = "SELECT paused_by, paused_at FROM backfill_pause";

    private final DataSource connections;
    /** @param connections of the generation */
    public LoadPause(DataSource connections) {
        this.connections = connections;
    }

    /** Pauses; repeating it changes nothing. */
    public void pause(String actor) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAUSE)) {
            statement.setString(1, actor);
            statement.executeUpdate();
            connection.commit();
        }
    }

    /** Lets it go on; returns whether it was paused. */
    public boolean resume() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(RESUME)) {
            boolean was = statement.executeUpdate() > 0;
            connection.commit();
            return was;
        }
    }

    /** Who paused it and when, for people; empty when nobody did. */
    public Optional<String> find() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            try (ResultSet row = statement.executeQuery()) {
                Optional<String> found = row.next()
                        ? Optional.of("%s, %s"
                                .formatted(
                                        row.getString(1),
                                        row.getObject(2, OffsetDateTime.class).toInstant()))
                        : Optional.empty();
                connection.rollback();
                return found;
            }
        }
    }
}
