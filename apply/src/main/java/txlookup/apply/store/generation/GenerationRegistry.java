package txlookup.apply.store.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourcePositions;

/** The generations of this store, each with its cutover, its anchors and how it came to the state it is in. */
public final class GenerationRegistry {
    private static final String COLUMNS =
            "generation, env, owner, consumer_group, event_profile, t_cutover, state, detail";

    private static final String INSERT = """
            INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT ON CONSTRAINT generation_pkey DO NOTHING""";

    private static final String FIND = "SELECT " + COLUMNS + " FROM bo.generations WHERE generation = ?";

    private static final String LIST = "SELECT " + COLUMNS + " FROM bo.generations ORDER BY generation DESC";

    private static final String LOCK = "SELECT state FROM bo.generation WHERE generation = ? FOR UPDATE";

    private static final String MOVE =
            "UPDATE bo.generation SET state = ?, detail = ?, updated_at = clock_timestamp() WHERE generation = ?";

    private static final String REMEMBER =
            "INSERT INTO bo.generation_transition (generation, state, detail) VALUES (?, ?, ?)";

    private static final String PIN_AS_OF = "UPDATE bo.generation SET as_of = ? WHERE generation = ?";

    private static final String AS_OF = "SELECT as_of FROM bo.generation WHERE generation = ?";

    private final DataSource connections;

    /** @param connections of the store, whatever generation they are of */
    public GenerationRegistry(DataSource connections) {
        this.connections = connections;
    }

    /** Enters a new generation; one that is there already stays as it is, so that a resumed rebuild can call it again. */
    public void plan(Generation generation) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                statement.setLong(1, generation.number());
                statement.setString(2, generation.env());
                statement.setString(3, generation.owner());
                statement.setString(4, generation.consumerGroup());
                statement.setString(5, generation.eventProfile());
                statement.setObject(6, SourcePositions.utc(generation.cutover()));
                statement.setString(7, generation.state().name());
                if (statement.executeUpdate() == 1) {
                    remember(connection, generation.number(), generation.state(), generation.detail());
                }
            }
            connection.commit();
        }
    }

    public Optional<Generation> find(long number) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, number);
            List<Generation> found = read(statement);
            connection.rollback();
            return found.stream().findFirst();
        }
    }

    /** All generations, newest first. */
    public List<Generation> list() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            List<Generation> found = read(statement);
            connection.rollback();
            return found;
        }
    }

    /**
     * Moves a generation on. Repeating its state is allowed and changes nothing but the detail.
     *
     * @throws IllegalStateException when the generation is unknown or its state does not lead there
     */
    public void moveTo(long number, State state, @Nullable String detail) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            moveTo(connection, number, state, detail);
            connection.commit();
        }
    }

    /**
     * Pins the cutover: where the stream begins in each partition is stored, and the generation is ANCHORED, in one
     * transaction (docs/architecture.md, invariant 5). A generation that is anchored already keeps its anchors. Needs
     * connections of that generation.
     *
     * @param asOf when the offsets were read, or the instant they were looked up for
     * @return whether this call pinned it
     */
    public boolean anchor(long number, List<PartitionAnchor> anchors, Instant asOf) throws SQLException {
        return anchor(number, anchors, asOf, null);
    }

    /**
     * As {@link #anchor(long, List, Instant)}, for files.
     *
     * @param extractReadAt when the files were read; null for a source that the run reads itself
     */
    public boolean anchor(long number, List<PartitionAnchor> anchors, Instant asOf, @Nullable Instant extractReadAt)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            State state = lock(connection, number);
            if (state.compareTo(State.ANCHORED) >= 0) {
                connection.rollback();
                return false;
            }
            for (PartitionAnchor anchor : anchors) {
                Source source = new Source(Source.Kind.STREAM, anchor.topic(), anchor.partition());
                SourcePositions.register(connection, source, null, anchor.topicId(), anchor.startOffset(), asOf);
            }
            if (extractReadAt != null) {
                pinAsOf(connection, number, extractReadAt);
            }
            moveTo(connection, number, State.ANCHORED, null);
            connection.commit();
            return true;
        }
    }

    private static void pinAsOf(Connection connection, long number, Instant asOf) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PIN_AS_OF)) {
            statement.setObject(1, SourcePositions.utc(asOf));
            statement.setLong(2, number);
            statement.executeUpdate();
        }
    }

    /** When the files were read that an anchored generation is loaded from; empty where it reads its source itself. */
    public Optional<Instant> asOf(long number) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(AS_OF)) {
            statement.setLong(1, number);
            try (ResultSet row = statement.executeQuery()) {
                OffsetDateTime asOf = row.next() ? row.getObject(1, OffsetDateTime.class) : null;
                connection.rollback();
                return Optional.ofNullable(asOf).map(OffsetDateTime::toInstant);
            }
        }
    }

    private static void moveTo(Connection connection, long number, State state, @Nullable String detail)
            throws SQLException {
        State current = lock(connection, number);
        if (!current.mayBecome(state)) {
            connection.rollback();
            throw new IllegalStateException(
                    "Generation %d is %s and cannot become %s".formatted(number, current, state));
        }
        if (state.isConsumable() && LoadIndexes.areRemembered(connection, number)) {
            connection.rollback();
            throw new IllegalStateException(
                    "The load of generation %d is half way, so it cannot become %s; resume it (txlookup backfill --generation %1$d)"
                            .formatted(number, state));
        }
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setString(1, state.name());
            statement.setString(2, detail);
            statement.setLong(3, number);
            statement.executeUpdate();
        }
        if (current != state) {
            remember(connection, number, state, detail);
        }
    }

    /** @throws IllegalStateException when the generation is unknown */
    public static State lock(Connection connection, long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, number);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("Generation %d is not in the registry".formatted(number));
                }
                return State.valueOf(row.getString(1));
            }
        }
    }

    private static void remember(Connection connection, long number, State state, @Nullable String detail)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
            statement.setLong(1, number);
            statement.setString(2, state.name());
            statement.setString(3, detail);
            statement.executeUpdate();
        }
    }

    private static List<Generation> read(PreparedStatement statement) throws SQLException {
        List<Generation> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Generation(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant(),
                        State.valueOf(row.getString(7)),
                        row.getString(8)));
            }
        }
        return found;
    }
}
