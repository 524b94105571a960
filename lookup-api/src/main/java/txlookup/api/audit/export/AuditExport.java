package txlookup.api.audit.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.audit.export.ExportManifest.Head;
import txlookup.api.audit.export.ExportManifest.Range;
import txlookup.api.audit.export.ExportManifest.Started;

/**
 * Copies rows of the audit that are not exported yet into files, each followed by its manifest, and then tells the store.
 * The manifest is what makes a file part of the export: a killed run leaves a file without one, which the next run
 * makes again under a name of its content.
 */
public final class AuditExport {
    private static final int MOST_ROWS = 20_000;
    // Of one file, and so a few times that in memory: as it grows, and as it is written.
    private static final int MOST_BYTES = 8 << 20;
    private static final int ROWS_AT_ONCE = 500;

    private static final String STORE = "SELECT store_id, closed_at IS NOT NULL AS closed FROM bo.audit_register";
    private static final String KNOWN = "SELECT manifest, digest FROM bo.audit_export WHERE target = ?";
    private static final String CHAINS = """
            SELECT chain_id, started_at, writer, previous_hash, start_hash, last_sequence FROM bo.audit_chain
            ORDER BY chain_id""";
    private static final String ROWS = """
            SELECT * FROM bo.audit WHERE chain_id = ? AND sequence > ? ORDER BY sequence LIMIT ?""";
    private static final String NOTE = "SELECT bo.note_audit_export(?, ?, ?, ?, ?)";
    private static final String UNEXPORTED =
            "SELECT coalesce(sum(last_sequence - exported_sequence), 0) FROM bo.audit_chain";
    private static final String IS_THERE = "SELECT to_regclass('bo.audit_chain') IS NOT NULL";

    private final DataSource store;
    private final ExportTarget target;
    private final Clock clock;

    /** @param store connections as the auditor */
    public AuditExport(DataSource store, ExportTarget target, Clock clock) {
        this.store = store;
        this.target = target;
        this.clock = clock;
    }

    /**
     * What a run wrote.
     *
     * @param manifest the number of the newest manifest; 0 while there is none
     * @param digest its digest: kept elsewhere, it proves every row before it
     */
    public record Exported(long rows, long manifest, String digest) {}

    /** Where the export stands. */
    private record Position(long manifest, String digest, boolean closed, Map<Long, Head> heads) {
        private Position with(ExportManifest manifest, String digest) {
            Map<Long, Head> now = new TreeMap<>(heads);
            manifest.heads().forEach(head -> now.put(head.chainId(), head));
            return new Position(manifest.number(), digest, manifest.closed(), now);
        }
    }

    /** How many rows no export has. */
    public static long unexported(DataSource store) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(UNEXPORTED)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Whether there was ever a writer: without one there is nothing to export. */
    public static boolean isUsed(DataSource store) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(IS_THERE)) {
                if (!row.next() || !row.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM bo.audit_chain)")) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Takes no more rows: the next {@link #run} exports those that are left, and its last manifest says that it is the last. */
    public static void close(DataSource store) throws SQLException {
        execute(store, "SELECT bo.close_audit()");
    }

    /** Lets writers add rows again, after a destruction that did not come about. */
    public static void reopen(DataSource store) throws SQLException {
        execute(store, "SELECT bo.open_audit()");
    }

    /**
     * Exports what is there and not exported.
     *
     * @throws IllegalStateException when the place does not continue what the store knows of it
     */
    public Exported run() throws SQLException, IOException {
        try (Connection connection = StoreCommits.connection(store)) {
            @Nullable String id;
            boolean closed;
            try (PreparedStatement statement = connection.prepareStatement(STORE);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                id = row.getString("store_id");
                closed = row.getBoolean("closed");
            }
            if (id == null) {
                return new Exported(0, 0, ExportManifest.NONE_BEFORE); // nobody ever wrote a row
            }
            Position position = position(connection, id);
            long rows = 0;
            while (true) {
                Batch batch = read(connection, position.heads());
                boolean last = batch.rows() < MOST_ROWS && batch.content().size() < MOST_BYTES;
                boolean closing = closed && last && !position.closed();
                if (batch.rows() == 0 && batch.started().isEmpty() && !closing) {
                    return new Exported(rows, position.manifest(), position.digest());
                }
                position = write(connection, id, position, batch, closing);
                rows += batch.rows();
            }
        }
    }

    private Position position(Connection connection, String id) throws SQLException, IOException {
        List<String> names = target.names(ExportManifest.FOLDER);
        Optional<Known> known = known(connection);
        if (names.isEmpty()) {
            known.ifPresent(this::refuseShorter);
            return new Position(0, ExportManifest.NONE_BEFORE, false, Map.of());
        }
        String newest = names.get(names.size() - 1);
        if (ExportManifest.number(newest) < known.map(Known::manifest).orElse(0L)) {
            refuseShorter(known.get());
        }
        byte[] bytes = read(newest);
        ExportManifest last = ExportManifest.of(newest, bytes);
        Position end = new Position(last.number(), ExportManifest.digest(bytes), false, Map.of());
        if (known.isPresent() && known.get().manifest() == last.number()) {
            requireSame(known.get(), end.digest());
        }
        if (last.store().equals(id)) {
            note(connection, last, end.digest()); // a killed run wrote it, and told nobody
            return end.with(last, end.digest());
        }
        // Another store came after this one here; one that never exported to this place starts.
        for (int index = names.size() - 2; known.isPresent() && index >= 0; index--) {
            ExportManifest earlier = ExportManifest.of(names.get(index), read(names.get(index)));
            if (earlier.store().equals(id)) {
                Map<Long, Head> heads = new TreeMap<>();
                earlier.heads().forEach(head -> heads.put(head.chainId(), head));
                return new Position(last.number(), end.digest(), earlier.closed(), heads);
            }
        }
        return end;
    }

    private record Known(long manifest, String digest) {}

    private Optional<Known> known(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setString(1, target.address());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Known(row.getLong("manifest"), row.getString("digest")))
                        : Optional.empty();
            }
        }
    }

    private void refuseShorter(Known known) {
        throw new IllegalStateException(
                "%s ends before manifest %d, which this store wrote there. Bring it back, or export to another place."
                        .formatted(target.address(), known.manifest()));
    }

    private void requireSame(Known known, String digest) {
        if (!known.digest().equals(digest)) {
            throw new IllegalStateException(
                    "ExportManifest %d in %s has the digest %s, and this store wrote %s. Run txlookup audit verify --anchor %s"
                            .formatted(known.manifest(), target.address(), digest, known.digest(), target.address()));
        }
    }

    /** Rows that are read to be written at once. */
    private record Batch(
            long rows,
            ByteArrayOutputStream content,
            List<Started> started,
            List<Range> ranges,
            Map<Long, Head> heads) {}

    private static Batch read(Connection connection, Map<Long, Head> from) throws SQLException {
        Batch batch =
                new Batch(0, new ByteArrayOutputStream(), new ArrayList<>(), new ArrayList<>(), new TreeMap<>(from));
        long rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(CHAINS);
                ResultSet chain = statement.executeQuery()) {
            while (chain.next()) {
                long id = chain.getLong("chain_id");
                @Nullable Head known = from.get(id);
                if (known == null) {
                    batch.started().add(started(chain));
                    batch.heads().put(id, new Head(id, 0, HexFormat.of().formatHex(chain.getBytes("start_hash"))));
                }
                long after = known == null ? 0 : known.sequence();
                if (chain.getLong("last_sequence") > after
                        && rows < MOST_ROWS
                        && batch.content().size() < MOST_BYTES) {
                    rows += read(connection, id, after, MOST_ROWS - rows, batch);
                }
            }
        }
        return new Batch(rows, batch.content(), batch.started(), batch.ranges(), batch.heads());
    }

    private static long read(Connection connection, long chain, long after, long most, Batch batch)
            throws SQLException {
        long rows = 0;
        long first = 0;
        connection.setAutoCommit(false); // or the driver reads all rows at once, whatever the fetch size
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setFetchSize(ROWS_AT_ONCE);
            statement.setLong(1, chain);
            statement.setLong(2, after);
            statement.setLong(3, most);
            try (ResultSet row = statement.executeQuery()) {
                while (batch.content().size() < MOST_BYTES && row.next()) {
                    ExportedRow exported = ExportedRow.of(row);
                    batch.content().writeBytes(exported.line());
                    batch.content().write('\n');
                    first = rows == 0 ? exported.sequence() : first;
                    batch.heads().put(chain, new Head(chain, exported.sequence(), exported.hash()));
                    rows++;
                }
            }
            connection.rollback();
        } finally {
            connection.setAutoCommit(true);
        }
        if (rows > 0) {
            batch.ranges().add(new Range(chain, first, batch.heads().get(chain).sequence()));
        }
        return rows;
    }

    private static Started started(ResultSet chain) throws SQLException {
        return new Started(
                chain.getLong("chain_id"),
                chain.getObject("started_at", OffsetDateTime.class).toInstant(),
                chain.getString("writer"),
                HexFormat.of().formatHex(chain.getBytes("previous_hash")),
                HexFormat.of().formatHex(chain.getBytes("start_hash")));
    }

    private Position write(Connection connection, String id, Position position, Batch batch, boolean closing)
            throws SQLException, IOException {
        long number = position.manifest() + 1;
        byte[] content = batch.content().toByteArray();
        String sha256 = ExportManifest.digest(content);
        String file = "rows/%012d-%s.ndjson".formatted(number, sha256.substring(0, 16));
        if (batch.rows() > 0) {
            target.create(file, content); // one of that name has that content
        }
        ExportManifest manifest = new ExportManifest(
                number,
                position.digest(),
                id,
                clock.instant(),
                batch.rows() > 0 ? file : null,
                batch.rows() > 0 ? sha256 : null,
                batch.rows(),
                batch.started(),
                batch.ranges(),
                List.copyOf(batch.heads().values()),
                closing);
        byte[] bytes = manifest.bytes();
        if (!target.create(ExportManifest.name(number), bytes)) {
            throw new IOException("Another process wrote manifest %d in %s. Run the export again."
                    .formatted(number, target.address()));
        }
        String digest = ExportManifest.digest(bytes);
        note(connection, manifest, digest);
        return position.with(manifest, digest);
    }

    private void note(Connection connection, ExportManifest manifest, String digest) throws SQLException {
        Long[] chains = manifest.heads().stream().map(Head::chainId).toArray(Long[]::new);
        Long[] sequences = manifest.heads().stream().map(Head::sequence).toArray(Long[]::new);
        Array chainIds = connection.createArrayOf("int8", chains);
        Array ends = connection.createArrayOf("int8", sequences);
        try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
            statement.setString(1, target.address());
            statement.setLong(2, manifest.number());
            statement.setString(3, digest);
            statement.setArray(4, chainIds);
            statement.setArray(5, ends);
            statement.execute();
        }
    }

    private byte[] read(String name) throws IOException {
        return target.read(name)
                .orElseThrow(() -> new IOException("%s is gone from %s".formatted(name, target.address())));
    }

    private static void execute(DataSource store, String sql) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
