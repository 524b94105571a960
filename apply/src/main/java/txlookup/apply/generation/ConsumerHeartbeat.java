package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import txlookup.apply.store.generation.Generation.State;

/** A consumer's row in {@code bo.process}: the consumer lives as long as it says so. */
public final class ConsumerHeartbeat {
    // Inserts again what was removed: a process that was frozen for longer than its lease lives all the same.
    private static final String BEAT = """
            INSERT INTO bo.process (process_id, kind, address, generation, build) VALUES (?, 'CONSUMER', ?, ?, ?)
            ON CONFLICT ON CONSTRAINT process_pkey DO UPDATE SET heartbeat_at = clock_timestamp()""";

    private static final String STATE = "SELECT state FROM bo.generations WHERE generation = ?";

    private static final String REMOVE = "DELETE FROM bo.process WHERE process_id = ?";

    private final DataSource connections;
    private final String processId = UUID.randomUUID().toString();
    private final String address;
    private final long generation;
    private final String build;

    /**
     * Writes nothing yet.
     *
     * @param connections of the store, whatever generation they are of
     * @param address where the consumer's endpoint answers, as host and port
     * @param generation the generation that it applies
     * @param build the version that runs
     */
    public ConsumerHeartbeat(DataSource connections, String address, long generation, String build) {
        this.connections = connections;
        this.address = address;
        this.generation = generation;
        this.build = build;
    }

    /** Says that the consumer lives, and returns its generation's state; empty when the registry does not know it. */
    public Optional<State> beat() throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
                statement.setString(1, processId);
                statement.setString(2, address);
                statement.setLong(3, generation);
                statement.setString(4, build);
                statement.executeUpdate();
            }
            // The row is not kept locked while the registry is asked.
            connection.commit();
            Optional<State> state = state(connection);
            connection.rollback();
            return state;
        }
    }

    private Optional<State> state(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, generation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(State.valueOf(row.getString(1))) : Optional.empty();
            }
        }
    }

    /**
     * Lets the watch look at what the API processes saw.
     *
     * @return what was taken back, and why; empty when nothing was
     */
    public Optional<String> judge(Watch watch) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return watch.look(connection, "consumer " + address);
        }
    }

    /** Says that the consumer has ended in order. */
    public void end() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, processId);
            statement.executeUpdate();
            connection.commit();
        }
    }
}
