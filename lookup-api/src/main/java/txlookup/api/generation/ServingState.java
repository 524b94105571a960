package txlookup.api.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one row of {@code bo.serving}, with the states of the generations that are not retired, as both stood at one moment.
 *
 * @param generation what answers; null while none does
 * @param candidate what answers a share of the lookups on trial; null where there is none
 * @param share per cent of the lookups that the candidate answers
 * @param epoch rises with each change
 */
public record ServingState(
        @Nullable Long generation,
        @Nullable Long wayBack,
        @Nullable Long candidate,
        int share,
        long epoch,
        @Nullable Instant since,
        Map<Long, String> states) {

    private static final ServingState NOTHING = new ServingState(null, null, null, 0, 0, null, Map.of());
    private static final String NO_STATE = "";
    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "3F000");

    // A consumer applies the stream to them, and none of their tables is being dropped.
    private static final Set<String> READABLE = Set.of("CATCHING_UP", "READY");

    private static final Set<String> WITH_TABLES =
            Set.of("MIGRATED", "ANCHORED", "BACKFILLING", "CATCHING_UP", "READY");

    private static final String READ = """
            SELECT s.generation, s.way_back, s.candidate, s.share, s.epoch, s.since, g.generation AS number, g.state
            FROM bo.serving s LEFT JOIN bo.generation g ON g.state <> 'RETIRED'""";

    public ServingState {
        states = Map.copyOf(states);
    }

    /** In a store that was not migrated nothing serves. */
    static ServingState read(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ);
                ResultSet row = statement.executeQuery()) {
            ServingState first = null;
            Map<Long, String> states = new TreeMap<>();
            while (row.next()) {
                first = first == null ? of(row) : first;
                Long number = row.getObject("number", Long.class);
                if (number != null) {
                    states.put(number, row.getString("state"));
                }
            }
            return first == null ? NOTHING : first.with(states);
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.contains(e.getSQLState())) {
                return NOTHING;
            }
            throw e;
        }
    }

    boolean serves(long number) {
        return is(generation, number);
    }

    /** Whether the generation can be read when somebody asks for it. */
    boolean isReadable(long number) {
        return serves(number) || READABLE.contains(states.getOrDefault(number, NO_STATE));
    }

    /** Whether its tables are there and none of them is being dropped. */
    boolean hasTables(long number) {
        return serves(number) || WITH_TABLES.contains(states.getOrDefault(number, NO_STATE));
    }

    /** Whether an act may let the generation answer at any moment. */
    boolean isReady(long number) {
        return serves(number) || "READY".equals(states.get(number));
    }

    /** Those that can be read, what serves first, then the newest. */
    List<Long> readable() {
        return states.keySet().stream()
                .filter(this::isReadable)
                .sorted((left, right) -> serves(left) == serves(right)
                        ? Long.compare(right, left)
                        : Boolean.compare(serves(right), serves(left)))
                .toList();
    }

    /**
     * What an answer can be compared with: the candidate, or while there is none the newest generation that is ready and
     * neither serves nor did before; null where there is none.
     */
    @Nullable
    public Long compared() {
        return candidate != null
                ? candidate
                : readable().stream()
                        .filter(this::isReady)
                        .filter(number -> !serves(number) && !is(wayBack, number))
                        .findFirst()
                        .orElse(null);
    }

    /** What serves; while nothing does, the newest generation that has tables; null where there is none. */
    @Nullable
    Long watched() {
        return generation != null
                ? generation
                : states.keySet().stream()
                        .filter(this::hasTables)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
    }

    private static boolean is(@Nullable Long one, long number) {
        return one != null && one == number;
    }

    private ServingState with(Map<Long, String> newStates) {
        return new ServingState(generation, wayBack, candidate, share, epoch, since, newStates);
    }

    private static ServingState of(ResultSet row) throws SQLException {
        return new ServingState(
                row.getObject("generation", Long.class),
                row.getObject("way_back", Long.class),
                row.getObject("candidate", Long.class),
                row.getInt("share"),
                row.getLong("epoch"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                Map.of());
    }
}
