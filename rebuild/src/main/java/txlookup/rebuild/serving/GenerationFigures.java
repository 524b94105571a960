package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.migrations.Migrations;

/**
 * How large a generation is, how old, and how far behind the one that serves.
 *
 * @param rows as the planner estimates them; 0 while nothing was analysed
 * @param bytes on disk, indexes included
 * @param age since {@code T_cutover}
 * @param behind records that the serving one has applied and this one has not; null for the one that serves, or without one
 */
public record GenerationFigures(
        long rows, long bytes, Duration age, @Nullable Long behind) {
    private static final String SIZE = """
            SELECT coalesce(sum(greatest(reltuples, 0)) FILTER (WHERE relname LIKE ANY (ARRAY['ledger_entry%', 'payment_order%'])), 0)::bigint,
                   coalesce(sum(pg_total_relation_size(oid)), 0)
            FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind = 'r'""";

    private static final String BEHIND = """
            SELECT sum(greatest(0, s.next_position - coalesce(own.next_position, 0)))
            FROM %s.coverage s LEFT JOIN %s.coverage own USING (kind, name, partition) WHERE s.kind = 'STREAM'""";

    /** Reads them; its schema is there. */
    public static GenerationFigures of(Connection connection, Generation generation, Serving serving)
            throws SQLException {
        String schema = Migrations.schema(generation.number());
        try (PreparedStatement size = connection.prepareStatement(SIZE)) {
            size.setString(1, schema);
            try (ResultSet row = size.executeQuery()) {
                row.next();
                return new GenerationFigures(
                        row.getLong(1),
                        row.getLong(2),
                        Duration.between(generation.cutover(), Instant.now()),
                        behind(connection, generation.number(), serving.generation()));
            }
        }
    }

    private static @Nullable Long behind(Connection connection, long number, @Nullable Long serving)
            throws SQLException {
        if (serving == null || serving == number) {
            return null;
        }
        String sql = BEHIND.formatted(Migrations.schema(serving), Migrations.schema(number));
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A line for people. */
    public String text() {
        String size = String.format(
                Locale.ROOT, "about %,d rows, %,.1f MiB, %,d min old", rows, bytes / 1024.0 / 1024, age.toMinutes());
        return behind == null ? size : size + String.format(Locale.ROOT, ", %,d records behind what serves", behind);
    }
}
