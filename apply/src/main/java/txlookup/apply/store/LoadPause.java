package txlookup.apply.store;

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
            INSERT INTO bo.backfill_pause (generation, paused_by) VALUES (?, ?)
            ON CONFLICT ON CONSTRAINT backfill_pause_pkey DO NOTHING""";

    private static final String RESUME = "DELETE FROM bo.backfill_pause WHERE generation = ?";

    private static final String FIND = "SELECT paused_by, paused_at FROM bo.backfill_pause WHERE generation = ?";

    private final DataSource connections;
    private final long generation;

    public LoadPause(DataSource connections, long generation) {
        this.connections = connections;
        this.generation = generation;
    }

    /** Pauses; repeating it changes nothing. */
    public void pause(String actor) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAUSE)) {
            statement.setLong(1, generation);
            statement.setString(2, actor);
            statement.executeUpdate();
            connection.commit();
        }
    }

    /** Lets it go on; returns whether it was paused. */
    public boolean resume() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(RESUME)) {
            statement.setLong(1, generation);
            boolean was = statement.executeUpdate() > 0;
            connection.commit();
            return was;
        }
    }

    /** Who paused it and when, for people; empty when nobody did. */
    public Optional<String> find() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, generation);
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
