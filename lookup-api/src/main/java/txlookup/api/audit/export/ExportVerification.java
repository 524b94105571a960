package txlookup.api.audit.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import txlookup.api.audit.AuditHash;
import txlookup.api.audit.export.ExportManifest.Head;
import txlookup.api.audit.export.ExportManifest.Range;
import txlookup.api.audit.export.ExportManifest.Started;
import txlookup.profiles.digest.Sha256;

/**
 * Checks an export: that its manifests are one chain, that each file is as its manifest says, and that the rows of each
 * store's chains follow one another from the first. Also checks that a store still has what was exported of it.
 */
public final class ExportVerification {
    private static final HexFormat HEX = HexFormat.of();
    private static final String NO_HASH = "0".repeat(2 * 32);

    private static final String STORE = "SELECT store_id FROM bo.audit_register";
    private static final String KNOWN = "SELECT manifest, digest FROM bo.audit_export WHERE target = ?";
    // A row that was dropped after its export is represented by the hash that its chain kept of the last of them.
    private static final String HASH = """
            SELECT c.dropped_sequence, encode(CASE WHEN c.dropped_sequence = ? THEN c.dropped_hash
                ELSE (SELECT a.hash FROM bo.audit a WHERE a.chain_id = c.chain_id AND a.sequence = ?) END, 'hex')
            FROM bo.audit_chain c WHERE c.chain_id = ?""";

    private final ExportTarget target;
    private final Consumer<String> onBreak;
    private final Map<String, StoreChains> stores = new TreeMap<>();
    private long breaks;
    private long rows;
    private long manifests;
    private String digest = ExportManifest.NONE_BEFORE;

    /** @param onBreak is told everything that is not as it was written */
    public ExportVerification(ExportTarget target, Consumer<String> onBreak) {
        this.target = target;
        this.onBreak = onBreak;
    }

    /**
     * What was checked.
     *
     * @param open stores that were not closed: their last rows may be missing
     * @param digest the newest manifest's: compare it with one that was kept elsewhere
     */
    public record Summary(long manifests, long stores, long open, long rows, long breaks, String digest) {
        public boolean isIntact() {
            return breaks == 0;
        }
    }

    /** What the export has of one store. */
    private static final class StoreChains {
        private final Map<Long, Head> heads = new TreeMap<>();
        private String lastStart = NO_HASH;
        private boolean closed;
    }

    /** Checks the export alone. */
    public Summary run() throws IOException {
        List<String> names = target.names(ExportManifest.FOLDER);
        for (String name : names) {
            manifests++;
            if (!name.equals(ExportManifest.name(manifests))) {
                found("manifest %d is missing; the next is %s".formatted(manifests, name));
                manifests = ExportManifest.number(name);
            }
            byte[] bytes = target.read(name).orElseThrow(() -> new IOException(name + " is gone"));
            try {
                check(ExportManifest.of(name, bytes));
            } catch (IllegalStateException e) {
                found(String.valueOf(e.getMessage()));
            }
            digest = Sha256.hex(bytes);
        }
        return summary();
    }

    /** Checks the export, and that the store has the rows whose hashes stand in it. */
    public Summary run(DataSource store) throws IOException, SQLException {
        run();
        try (Connection connection = store.getConnection()) {
            @Nullable String id = text(connection, STORE);
            if (id == null) {
                return summary(); // nobody ever wrote a row to it
            }
            @Nullable StoreChains exported = stores.get(id);
            if (exported == null) {
                found("store %s is not in it".formatted(id));
            } else {
                for (Head head : exported.heads.values()) {
                    compare(connection, head);
                }
            }
            requireNewest(connection);
        }
        return summary();
    }

    private Summary summary() {
        long open = stores.values().stream().filter(store -> !store.closed).count();
        return new Summary(manifests, stores.size(), open, rows, breaks, digest);
    }

    private void requireNewest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setString(1, target.address());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getLong("manifest") > manifests) {
                    found("it ends with manifest %d, and the store wrote manifest %d there"
                            .formatted(manifests, row.getLong("manifest")));
                }
            }
        }
    }

    private void compare(Connection connection, Head head) throws SQLException {
        if (head.sequence() == 0) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(HASH)) {
            statement.setLong(1, head.sequence());
            statement.setLong(2, head.sequence());
            statement.setLong(3, head.chainId());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    found("chain %d is exported, and the store does not have it".formatted(head.chainId()));
                } else if (!head.hash().equals(row.getString(2)) && row.getLong(1) <= head.sequence()) {
                    found("chain %d, row %d: the store has another row than the one that was exported"
                            .formatted(head.chainId(), head.sequence()));
                }
            }
        }
    }

    private void check(ExportManifest manifest) throws IOException {
        if (manifest.number() != manifests || !manifest.previous().equals(digest)) {
            found("manifest %d does not follow the one before it".formatted(manifests));
        }
        StoreChains store = stores.computeIfAbsent(manifest.store(), id -> new StoreChains());
        manifest.started().forEach(started -> check(store, started));
        if (manifest.file() != null) {
            check(manifest, store, manifest.file());
        }
        for (Head head : manifest.heads()) {
            if (!head.equals(store.heads.get(head.chainId()))) {
                found("manifest %d: its head of chain %d is not the last row of that chain"
                        .formatted(manifest.number(), head.chainId()));
            }
        }
        store.closed = manifest.closed(); // false again after a destruction that did not come about
    }

    private void check(StoreChains store, Started started) {
        String right = HEX.formatHex(AuditHash.ofStart(
                started.chainId(), started.startedAt(), started.writer(), HEX.parseHex(started.previousHash())));
        if (!right.equals(started.startHash())
                || !started.previousHash().equals(store.lastStart)
                || store.heads.size() + 1 != started.chainId()) {
            found("chain %d: its start was changed, or the chain before it".formatted(started.chainId()));
        }
        store.lastStart = started.startHash();
        store.heads.put(started.chainId(), new Head(started.chainId(), 0, started.startHash()));
    }

    private void check(ExportManifest manifest, StoreChains store, String file) throws IOException {
        byte[] content = target.read(file).orElse(new byte[0]);
        if (!Sha256.hex(content).equals(manifest.sha256())) {
            found("%s is missing or is not what manifest %d says".formatted(file, manifest.number()));
        }
        long seen = 0;
        BufferedReader lines = new BufferedReader(new InputStreamReader(new ByteArrayInputStream(content), UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen++;
            try {
                check(store, ExportedRow.of(line));
            } catch (JacksonException e) {
                found("%s: line %d is no row of an audit".formatted(file, seen));
            }
        }
        long wanted =
                manifest.ranges().stream().mapToLong(ExportVerification::length).sum();
        if (seen != manifest.rows() || seen != wanted) {
            found("%s holds %d rows, and its manifest says %d".formatted(file, seen, manifest.rows()));
        }
        rows += seen;
    }

    private static long length(Range range) {
        return range.to() - range.from() + 1;
    }

    private void check(StoreChains store, ExportedRow row) {
        @Nullable Head head = store.heads.get(row.chainId());
        String place = "chain %d, row %d: ".formatted(row.chainId(), row.sequence());
        if (head == null) {
            found(place + "its chain does not exist");
        } else if (row.sequence() != head.sequence() + 1) {
            found(place + "the row before it in the export is row " + head.sequence());
        } else if (!row.previousHash().equals(head.hash())) {
            found(place + "it does not follow the row before it");
        }
        if (!row.isAsWritten()) {
            found(place + "its content is not what was written");
        }
        store.heads.put(row.chainId(), new Head(row.chainId(), row.sequence(), row.hash()));
    }

    private static @Nullable String text(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private void found(String what) {
        breaks++;
        onBreak.accept(what);
    }
}
