package txlookup.proof.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import txlookup.apply.model.Entity;
import txlookup.profiles.settings.DatabaseSettings.Distribution;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.StoredVersion;

/**
 * A store. Its rows come by COPY in binary form and are digested from their columns: the stored digest alone would not
 * show a column that was changed behind it.
 *
 * <p>A table is read in pages by its key, a transaction each, which is over before a row of it is shown: whoever looks at
 * the rows may take their time, and no snapshot keeps the server from cleaning up behind the stream. Each key is in one
 * page, so none is seen twice or left out, whatever the stream does meanwhile.
 */
public final class StoreSide implements DataSet {
    // Cold pages of a table or index may take longer than what any other statement is given.
    private static final String NO_HURRY = "SET LOCAL statement_timeout = 0";

    // By the primary key, whatever the planner knows of a table that was just loaded: it must not sort the table for
    // each page. Costs that are given for this make a server with JIT compile each statement.
    private static final String BY_KEY =
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL jit = off";

    private static final String PAGE = "COPY (%s WHERE %s ORDER BY %s LIMIT %d) TO STDOUT (FORMAT binary)";

    private static final String FIND = "COPY (%s WHERE %s = ANY (ARRAY[%s]::text[])) TO STDOUT (FORMAT binary)";

    // What was last counted, or what was written since, where nobody counted yet: so it is after a load.
    private static final String ROWS = """
            SELECT sum(greatest(reltuples::bigint, pg_stat_get_live_tuples(oid)))::bigint FROM pg_class
            WHERE relkind = 'r' AND (oid = '%1$s'::regclass
                OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = '%1$s'::regclass))""";

    // The coordinator's part of a spread table is empty.
    private static final String ROWS_OF_SERVERS = """
            SELECT sum(result::bigint)::bigint FROM run_command_on_shards('%s', $shard$
                SELECT greatest(reltuples::bigint, pg_stat_get_live_tuples(oid)) FROM pg_class
                WHERE oid = '%%s'::regclass$shard$)
            WHERE success""";

    private static final int KEYS_AT_ONCE = 5_000;
    private static final int PAGE_ROWS = 10_000;
    private static final int HEADER_BYTES = 19;

    private final DataSource connections;
    private final String name;
    private final Instant readUntil;

    /**
     * @param name for reports
     * @param readUntil how far this store can speak: its own watermark where it is what another is compared with
     */
    public StoreSide(DataSource connections, String name, Instant readUntil) {
        this.connections = connections;
        this.name = name;
        this.readUntil = readUntil;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Entity> entities() {
        return Set.of(Entity.values());
    }

    @Override
    public Instant readUntil() {
        return readUntil;
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public OptionalLong rows(Entity entity) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            String asked = isSpread(statement) ? ROWS_OF_SERVERS : ROWS;
            try (ResultSet row = statement.executeQuery(
                    asked.formatted(StoredTable.of(entity).table()))) {
                row.next();
                long rows = row.getLong(1);
                return rows > 0 ? OptionalLong.of(rows) : OptionalLong.empty();
            } finally {
                connection.rollback();
            }
        }
    }

    private static boolean isSpread(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(Distribution.IS_SPREAD)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) throws SQLException {
        StoredTable table = StoredTable.of(entity);
        StoredRow row = new StoredRow(entity);
        List<byte[]> page;
        String last = null;
        do {
            page = page(table, last);
            for (byte[] one : page) {
                row.read(one);
                rows.accept(row);
            }
            last = page.isEmpty() ? last : row.key();
        } while (page.size() == PAGE_ROWS);
        return 0;
    }

    private List<byte[]> page(StoredTable table, @Nullable String last) throws SQLException {
        List<byte[]> page = new ArrayList<>(PAGE_ROWS);
        try (Connection connection = connections.getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(BY_KEY);
            }
            String behind = last == null ? "true" : table.key() + " > " + literal(connection, last);
            copy(connection, PAGE.formatted(table.select(), behind, table.key(), PAGE_ROWS), page::add);
            connection.rollback();
        }
        return page;
    }

    private static String literal(Connection connection, String text) throws SQLException {
        return "'" + connection.unwrap(PGConnection.class).escapeLiteral(text) + "'";
    }

    @Override
    public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            Map<String, StoredVersion> found =
                    find(connection, entity, StoredTable.of(entity).table(), keys);
            connection.rollback();
            return found;
        }
    }

    /** In the transaction that is open. */
    public static Map<String, StoredVersion> find(
            Connection connection, Entity entity, String relation, Collection<String> keys) throws SQLException {
        StoredTable table = StoredTable.of(entity);
        StoredRow row = new StoredRow(entity);
        Map<String, StoredVersion> found = new HashMap<>();
        List<String> all = new ArrayList<>(keys);
        for (int from = 0; from < all.size(); from += KEYS_AT_ONCE) {
            StringJoiner literals = new StringJoiner(",");
            for (String key : all.subList(from, Math.min(from + KEYS_AT_ONCE, all.size()))) {
                literals.add(literal(connection, key));
            }
            copy(connection, FIND.formatted(table.selectFrom(relation), table.key(), literals), one -> {
                row.read(one);
                StoredVersion held = row.held();
                found.put(held.snapshot().key(), held);
            });
        }
        return found;
    }

    /** Gives each row as it came. */
    private static void copy(Connection connection, String sql, Consumer<byte[]> rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NO_HURRY);
        }
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            boolean first = true;
            byte[] message;
            while ((message = copy.readFromCopy()) != null) {
                // One message is one row; the first has the header before it, and the last is only an end mark.
                byte[] row = first ? Arrays.copyOfRange(message, HEADER_BYTES, message.length) : message;
                first = false;
                if (row.length > Short.BYTES) {
                    rows.accept(row);
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
