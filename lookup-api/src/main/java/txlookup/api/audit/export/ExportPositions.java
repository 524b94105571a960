package txlookup.api.audit.export;

import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import txlookup.api.audit.export.ExportManifest.Head;
import txlookup.profiles.digest.Sha256;

/** Finds where the export stands, by the manifests of a place and by what the store was told of them. */
final class ExportPositions {
    private static final String KNOWN = "SELECT manifest, digest FROM bo.audit_export WHERE target = ?";
    private static final String NOTE = "SELECT bo.note_audit_export(?, ?, ?, ?, ?)";

    private final ExportTarget target;

    ExportPositions(ExportTarget target) {
        this.target = target;
    }

    /** Where the export of the store stands in that place. */
    ExportPosition of(Connection connection, String id) throws SQLException, IOException {
        List<String> names = target.names(ExportManifest.FOLDER);
        Optional<Known> known = known(connection);
        if (names.isEmpty()) {
            known.ifPresent(this::refuseShorter);
            return new ExportPosition(0, ExportManifest.NONE_BEFORE, false, Map.of());
        }
        String newest = names.get(names.size() - 1);
        if (ExportManifest.number(newest) < known.map(Known::manifest).orElse(0L)) {
            refuseShorter(known.get());
        }
        byte[] bytes = read(newest);
        ExportManifest last = ExportManifest.of(newest, bytes);
        ExportPosition end = new ExportPosition(last.number(), Sha256.hex(bytes), false, Map.of());
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
                return new ExportPosition(last.number(), end.digest(), earlier.closed(), heads);
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
                    "Manifest %d in %s has the digest %s, and this store wrote %s. Run txlookup audit verify --anchor %s"
                            .formatted(known.manifest(), target.address(), digest, known.digest(), target.address()));
        }
    }

    /** Tells the store that the manifest is there. */
    void note(Connection connection, ExportManifest manifest, String digest) throws SQLException {
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
}
