package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a generation has applied each partition: the first offset that is not.
 *
 * @param next by partition, as topic and number
 */
record Positions(Map<String, Long> next) {
    private static final String READ =
            "SELECT name || '-' || partition, next_position FROM g%d.coverage WHERE kind = 'STREAM'";

    static Positions of(Connection connection, long generation) throws SQLException {
        Map<String, Long> next = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ.formatted(generation));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                next.put(row.getString(1), row.getLong(2));
            }
        }
        return new Positions(Map.copyOf(next));
    }

    /** How many offsets this lacks of the other, in all partitions; one that it does not know counts whole. */
    long behind(Positions other) {
        return other.next.entrySet().stream()
                .mapToLong(entry -> Math.max(0, entry.getValue() - next.getOrDefault(entry.getKey(), 0L)))
                .sum();
    }
}
