package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A schema as the last migration left it: a row of {@code bo.shape}.
 *
 * @param head the newest revision in it
 * @param oldestReader the oldest head of a build that finds in it all that it uses
 * @param digests of its catalogue, by the part of {@link CatalogDigest}
 */
public record Shape(String schema, int head, int oldestReader, Map<String, String> digests) {
    private static final String READ = """
            SELECT schema_name, head, oldest_reader, part.key, part.value
            FROM bo.shape CROSS JOIN jsonb_each_text(digests) part
            WHERE schema_name = ? OR ?
            ORDER BY schema_name
            """;
    private static final String WRITE = """
            INSERT INTO bo.shape (schema_name, head, oldest_reader, digests)
            SELECT ?, ?, ?, jsonb_object_agg(part, digest) FROM unnest(?::text[], ?::text[]) AS d(part, digest)
            ON CONFLICT (schema_name) DO UPDATE SET head = excluded.head, oldest_reader = excluded.oldest_reader,
                digests = excluded.digests, written_at = clock_timestamp()
            """;
    private static final String FORGET = "DELETE FROM bo.shape WHERE schema_name = ?";
    private static final String THERE = "SELECT to_regclass('bo.shape') IS NOT NULL";
    /** A load drops indexes and makes them again, a retirement drops tables: their schemas are not judged. */
    private static final String CHANGING = """
            SELECT 1 FROM bo.generation
            WHERE 'g' || generation = ? AND state IN ('BACKFILLING', 'FAILED', 'RETIRING', 'RETIRED')
            """;

    public Shape {
        digests = Map.copyOf(digests);
    }

    /** Of one schema; empty where it was never migrated. */
    public static Optional<Shape> read(Connection connection, String schema) throws SQLException {
        return read(connection, schema, false).stream().findFirst();
    }

    /** Which schemas somebody changed otherwise than by a migration, and in what; empty while none is. */
    public static List<Drift> drifts(Connection connection) throws SQLException {
        List<Drift> found = new ArrayList<>();
        for (Shape shape : read(connection, "", true)) {
            shape.drift(connection).ifPresent(found::add);
        }
        return found;
    }

    /** Forgets the shape of a generation whose schema is dropped. */
    public static void forget(Connection connection, long generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setString(1, Migrations.schema(generation));
            statement.executeUpdate();
        }
    }

    /** Whether a build with that head finds in the schema all that it uses: it was migrated so far, and contracted no further. */
    public boolean fits(int buildHead) {
        return oldestReader <= buildHead && buildHead <= head;
    }

    /** Whether it was changed otherwise than by a migration. */
    Optional<Drift> drift(Connection connection) throws SQLException {
        if (isChanging(connection, schema)) {
            return Optional.empty();
        }
        Map<String, String> now = CatalogDigest.of(connection, schema);
        List<String> parts = digests.keySet().stream()
                .filter(part -> !digests.get(part).equals(now.get(part)))
                .sorted()
                .toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Drift(schema, parts));
    }

    static void write(Connection connection, Shape shape) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            List<String> parts = List.copyOf(shape.digests.keySet());
            statement.setString(1, shape.schema);
            statement.setInt(2, shape.head);
            statement.setInt(3, shape.oldestReader);
            statement.setArray(4, connection.createArrayOf("text", parts.toArray()));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "text", parts.stream().map(shape.digests::get).toArray()));
            statement.executeUpdate();
        }
    }

    private static List<Shape> read(Connection connection, String schema, boolean all) throws SQLException {
        if (!isKept(connection)) {
            return List.of();
        }
        Map<String, Shape> shapes = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, schema);
            statement.setBoolean(2, all);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Map<String, String> part = Map.of(rows.getString(4), rows.getString(5));
                    shapes.merge(
                            rows.getString(1),
                            new Shape(rows.getString(1), rows.getInt(2), rows.getInt(3), part),
                            Shape::withPartsOf);
                }
            }
        }
        return List.copyOf(shapes.values());
    }

    private Shape withPartsOf(Shape other) {
        Map<String, String> parts = new TreeMap<>(digests);
        parts.putAll(other.digests);
        return new Shape(schema, head, oldestReader, parts);
    }

    /** Whether the control schema is there, which keeps the shapes of all. */
    static boolean isKept(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(THERE);
                ResultSet found = statement.executeQuery()) {
            found.next();
            return found.getBoolean(1);
        }
    }

    private static boolean isChanging(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGING)) {
            statement.setString(1, schema);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }
}
