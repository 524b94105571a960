package txlookup.proof.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import txlookup.apply.Entity;
import txlookup.proof.Held;
import txlookup.proof.Row;
import txlookup.proof.Side;

/**
 * A store. Its rows come by COPY in binary form, each table in one statement and so of one instant, and are digested from
 * their columns: the stored digest alone would not show a column that was changed behind it.
 */
public final class StoreSide implements Side {
    // A whole table may take longer than what any other statement is given.
    private static final String NO_HURRY = "SET LOCAL statement_timeout = 0";

    private static final String SCAN = "COPY (%s) TO STDOUT (FORMAT binary)";

    private static final String FIND = "COPY (%s WHERE %s = ANY (ARRAY[%s]::text[])) TO STDOUT (FORMAT binary)";

    // What was last counted, or what was written since, where nobody counted yet: so it is after a load.
    private static final String ROWS =
            "SELECT greatest(reltuples::bigint, pg_stat_get_live_tuples(oid)) FROM pg_class WHERE oid = '%s'::regclass";

    private static final int KEYS_AT_ONCE = 5_000;
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
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        ROWS.formatted(StoredTable.of(entity).table()))) {
            row.next();
            long rows = row.getLong(1);
            connection.rollback();
            return rows > 0 ? OptionalLong.of(rows) : OptionalLong.empty();
        }
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            copy(connection, entity, SCAN.formatted(StoredTable.of(entity).select()), rows);
        }
        return 0;
    }

    @Override
    public Map<String, Held> find(Entity entity, Collection<String> keys) throws SQLException {
        StoredTable table = StoredTable.of(entity);
        Map<String, Held> found = new HashMap<>();
        List<String> all = new ArrayList<>(keys);
        try (Connection connection = connections.getConnection()) {
            for (int from = 0; from < all.size(); from += KEYS_AT_ONCE) {
                StringJoiner literals = new StringJoiner(",");
                for (String key : all.subList(from, Math.min(from + KEYS_AT_ONCE, all.size()))) {
                    literals.add("'" + connection.unwrap(PGConnection.class).escapeLiteral(key) + "'");
                }
                copy(connection, entity, FIND.formatted(table.select(), table.key(), literals), row -> {
                    Held held = row.held();
                    found.put(held.snapshot().key(), held);
                });
            }
        }
        return found;
    }

    private static void copy(Connection connection, Entity entity, String sql, Consumer<Row> rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NO_HURRY);
        }
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            StoredRow row = new StoredRow(entity);
            boolean first = true;
            byte[] message;
            while ((message = copy.readFromCopy()) != null) {
                // One message is one row; the first has the header before it, and the last is only an end mark.
                int offset = first ? HEADER_BYTES : 0;
                first = false;
                if (message.length - offset > Short.BYTES) {
                    row.read(message, offset);
                    rows.accept(row);
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        connection.rollback();
    }
}
