package txlookup.proof.generation;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.store.StoreSide;
import txlookup.proof.store.StoredTable;

/**
 * Two generations on one connection, so that one statement sees both at one instant. Each call reads in the transaction that
 * is open and begins one where none is; {@link #end} ends it.
 *
 * <p>Rows are compared by the bytes of the contract's fields, not by the stored digest, which a changed field does not
 * change, and not by equality, for which 10.0 is 10.00.
 */
public final class GenerationPair implements AutoCloseable {
    // By the primary keys of both, as StoreSide reads one: a sort or a hash table would be built again for each range.
    private static final String BY_KEY = """
            SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off;
            SET LOCAL enable_hashjoin = off; SET LOCAL jit = off; SET LOCAL statement_timeout = 0""";

    private static final String LAST_OF_RANGE = """
            SELECT min(%1$s) FROM (
                (SELECT %1$s FROM %2$s WHERE %1$s > ? ORDER BY %1$s OFFSET %4$d LIMIT 1)
                UNION ALL (SELECT %1$s FROM %3$s WHERE %1$s > ? ORDER BY %1$s OFFSET %4$d LIMIT 1)) AS last""";

    // Not an operator: of rows it would compare field by field, by what is equal for their types.
    private static final String DIFFERS = "(a.%1$s IS NULL OR b.%1$s IS NULL OR record_image_ne(%2$s, %3$s))";

    private static final String CONTENT = """
            ARRAY[coalesce(a.%1$s, b.%1$s), CASE WHEN a.%1$s IS NOT NULL THEN md5((%2$s)::text) END,
                CASE WHEN b.%1$s IS NOT NULL THEN md5((%3$s)::text) END]""";

    private static final String RANGE = """
            SELECT count(*), array_agg(%4$s) FILTER (WHERE %5$s)
            FROM (SELECT * FROM %2$s WHERE %6$s) a FULL JOIN (SELECT * FROM %3$s WHERE %6$s) b ON a.%1$s = b.%1$s""";

    private static final String LEVELS = """
            SELECT name, partition, max(next_position) FROM (
                SELECT * FROM %s.coverage UNION ALL SELECT * FROM %s.coverage) c
            WHERE kind = 'STREAM' GROUP BY name, partition""";

    private static final String POSITIONS =
            "SELECT name, partition, next_position FROM %s.coverage WHERE kind = 'STREAM'";

    private static final String OLDER_THAN_THE_CANDIDATES_LOG = """
            SELECT t.%1$s FROM %2$s t JOIN %4$s.coverage c USING (source_id)
            LEFT JOIN %5$s.coverage own ON (own.kind, own.name, own.partition) = (c.kind, c.name, c.partition)
            WHERE t.%1$s = ANY (?) AND (c.kind = 'BACKFILL'
                OR c.kind = 'STREAM' AND own.start_position IS NOT NULL AND t.source_position < own.start_position)""";

    private static final int KEYS_AT_ONCE = 5_000;

    private final Connection connection;
    private final String against;
    private final String candidate;

    /** @param store any pool of it; one connection is kept until this is closed */
    public GenerationPair(DataSource store, long against, long candidate) throws SQLException {
        this.against = schema(against);
        this.candidate = schema(candidate);
        this.connection = store.getConnection();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
    }

    /**
     * A key that differs.
     *
     * @param against a digest of the fields there; null where it is missing
     * @param candidate the same of the candidate
     */
    public record Differing(
            Entity entity,
            String key,
            @Nullable String against,
            @Nullable String candidate) {}

    /**
     * A range of keys.
     *
     * @param rows keys of either in it
     * @param last its last key; null when it reached the end
     */
    public record Range(
            long rows, List<Differing> differing, @Nullable String last) {}

    /** The rows of some keys on both sides. */
    public record Both(Map<String, StoredVersion> against, Map<String, StoredVersion> candidate) {}

    /** About how many rows both have together. */
    public long rows(Entity entity) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid"
                        + " WHERE relkind = 'r' AND coalesce(inhparent, pg_class.oid) = ANY (?::regclass[])")) {
            statement.setArray(
                    1,
                    connection.createArrayOf("text", new String[] {table(against, entity), table(candidate, entity)}));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Compares the next range of keys.
     *
     * @param after the last key of the range before; null to begin
     * @param most keys of either side in it
     */
    public Range range(Entity entity, @Nullable String after, int most) throws SQLException {
        try (Statement settings = connection.createStatement()) {
            settings.execute(BY_KEY);
        }
        String last = lastOfRange(entity, after, most);
        String key = StoredTable.of(entity).key();
        String within = key + " > ?" + (last == null ? "" : " AND " + key + " <= ?");
        try (PreparedStatement statement = connection.prepareStatement(sql(RANGE, entity, within))) {
            int parameter = 1;
            for (int side = 0; side < 2; side++) {
                statement.setString(parameter++, after == null ? "" : after);
                if (last != null) {
                    statement.setString(parameter++, last);
                }
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Range(row.getLong(1), differing(entity, row.getArray(2)), last);
            }
        }
    }

    private @Nullable String lastOfRange(Entity entity, @Nullable String after, int most) throws SQLException {
        String sql = LAST_OF_RANGE.formatted(
                StoredTable.of(entity).key(), table(against, entity), table(candidate, entity), most - 1);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, after == null ? "" : after);
            statement.setString(2, after == null ? "" : after);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Those of the keys that differ. */
    public List<Differing> differing(Entity entity, Collection<String> keys) throws SQLException {
        List<Differing> differing = new ArrayList<>();
        List<String> all = List.copyOf(keys);
        try (PreparedStatement statement = connection.prepareStatement(
                sql(RANGE, entity, StoredTable.of(entity).key() + " = ANY (?)"))) {
            for (int from = 0; from < all.size(); from += KEYS_AT_ONCE) {
                List<String> some = all.subList(from, Math.min(from + KEYS_AT_ONCE, all.size()));
                statement.setArray(1, connection.createArrayOf("text", some.toArray()));
                statement.setArray(2, connection.createArrayOf("text", some.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    differing.addAll(differing(entity, row.getArray(2)));
                }
            }
        }
        return differing;
    }

    private String sql(String template, Entity entity, String within) {
        StoredTable table = StoredTable.of(entity);
        String a = table.record("a");
        String b = table.record("b");
        return template.formatted(
                table.key(),
                table(against, entity),
                table(candidate, entity),
                CONTENT.formatted(table.key(), a, b),
                DIFFERS.formatted(table.key(), a, b),
                within);
    }

    private static List<Differing> differing(Entity entity, @Nullable Array found) throws SQLException {
        List<Differing> differing = new ArrayList<>();
        if (found != null) {
            for (String[] one : (String[][]) found.getArray()) {
                differing.add(new Differing(entity, one[0], one[1], one[2]));
            }
        }
        return differing;
    }

    /** The larger of both positions of each partition: what one of them has applied. */
    public Map<String, Long> levels() throws SQLException {
        return positions(LEVELS.formatted(against, candidate));
    }

    /** Which partition of which generation is not there yet; null when both are level. */
    public @Nullable String behind(Map<String, Long> levels) throws SQLException {
        for (String schema : List.of(against, candidate)) {
            Map<String, Long> positions = positions(POSITIONS.formatted(schema));
            for (Map.Entry<String, Long> level : levels.entrySet()) {
                Long position = positions.get(level.getKey());
                if (position == null || position < level.getValue()) {
                    return "%s is at offset %s of %s, and the other at %d"
                            .formatted(schema, position == null ? "none" : position, level.getKey(), level.getValue());
                }
            }
        }
        return null;
    }

    private Map<String, Long> positions(String sql) throws SQLException {
        Map<String, Long> positions = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                positions.put(row.getString(1) + "-" + row.getInt(2), row.getLong(3));
            }
        }
        return positions;
    }

    /** The rows of keys on both sides. */
    public Both held(Entity entity, Collection<String> keys) throws SQLException {
        return new Both(
                StoreSide.find(connection, entity, table(against, entity), keys),
                StoreSide.find(connection, entity, table(candidate, entity), keys));
    }

    /** Those of the keys whose row in the other generation is from before the candidate's part of the log. */
    public Set<String> olderThanTheCandidatesLog(Entity entity, Collection<String> keys) throws SQLException {
        String sql = OLDER_THAN_THE_CANDIDATES_LOG.formatted(
                StoredTable.of(entity).key(), table(against, entity), "", against, candidate);
        Set<String> older = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    older.add(row.getString(1));
                }
            }
        }
        return older;
    }

    static String schema(long generation) {
        return "g" + generation;
    }

    private static String table(String schema, Entity entity) {
        return schema + "." + StoredTable.of(entity).table();
    }

    /** What is read next is seen as it is by then. */
    public void end() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        try (Connection closing = connection) {
            closing.rollback();
            closing.setReadOnly(false);
            closing.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }
}
