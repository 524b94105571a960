package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.migrations.Migrations;

/** Which generation serves, which generations hold rows, and which of them consumers apply events to. */
public final class LiveGenerations {
    private static final String IS_MIGRATED = "SELECT to_regclass('bo.serving') IS NOT NULL";

    private static final String HAS_SCHEMA = "SELECT to_regnamespace(?) IS NOT NULL";

    private static final String SIZE = """
            SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)
            FROM pg_class c WHERE c.relnamespace = to_regnamespace(?) AND c.relkind IN ('r', 'p')""";

    private static final String CONNECTIONS = """
            SELECT current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
                       - coalesce(current_setting('reserved_connections', true), '0')::integer,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                   (SELECT count(*) FROM bo.process WHERE kind = 'API'
                        AND heartbeat_at > clock_timestamp() - interval '5 s')""";

    private final DataSource control;

    /** @param control connections to what is common to generations */
    public LiveGenerations(DataSource control) {
        this.control = control;
    }

    /** What serves; empty where the control schema was not made yet. */
    public Optional<Serving> serving() throws SQLException {
        try (Connection connection = control.getConnection()) {
            try {
                return isTrue(connection, IS_MIGRATED) ? Optional.of(Serving.read(connection)) : Optional.empty();
            } finally {
                connection.rollback();
            }
        }
    }

    /** The generations whose schema exists, the newest first. */
    public List<Generation> holdingRows() throws SQLException {
        List<Generation> all = new GenerationRegistry(control).list();
        try (Connection connection = control.getConnection()) {
            try {
                List<Generation> holding = new ArrayList<>();
                for (Generation one : all) {
                    if (isTrue(connection, HAS_SCHEMA, Migrations.schema(one.number()))) {
                        holding.add(one);
                    }
                }
                return holding;
            } finally {
                connection.rollback();
            }
        }
    }

    /** The generations that need a consumer: what serves first, then its way back, then the newest. */
    public List<Generation> consumed() throws SQLException {
        return new GenerationRegistry(control)
                .list().stream()
                        .filter(one -> one.state().isConsumable())
                        .sorted(Comparator.comparingInt(one -> switch (one.state()) {
                            case ACTIVE -> 0;
                            case DRAINING -> 1;
                            default -> 2;
                        }))
                        .toList();
    }

    /** How many bytes a generation's tables take, with their indexes; 0 where it has none. */
    public long bytes(long generation) throws SQLException {
        try (Connection connection = control.getConnection();
                PreparedStatement statement = connection.prepareStatement(SIZE)) {
            statement.setString(1, Migrations.schema(generation));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            } finally {
                connection.rollback();
            }
        }
    }

    /**
     * The server's connections.
     *
     * @param most how many it gives to who is no superuser
     * @param used how many it has given
     * @param apiProcesses how many API processes live, each of which opens a pool to each generation that is ready
     */
    public record Connections(int most, int used, int apiProcesses) {}

    /** How many connections the server gives, and has given. */
    public Connections connections() throws SQLException {
        try (Connection connection = control.getConnection();
                PreparedStatement statement = connection.prepareStatement(CONNECTIONS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            Connections seen = new Connections(row.getInt(1), row.getInt(2), row.getInt(3));
            connection.rollback();
            return seen;
        }
    }

    private static boolean isTrue(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
