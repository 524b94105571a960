package txlookup.api.audit.export;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.digest.Sha256;

/**
 * Copies rows of the audit that are not exported yet into files, each followed by its manifest, and then tells the store.
 * The manifest is what makes a file part of the export: a killed run leaves a file without one, which the next run
 * makes again under a name of its content.
 */
public final class AuditExport {
    private static final String STORE = "SELECT store_id, closed_at IS NOT NULL AS closed FROM bo.audit_register";

    private final DataSource store;
    private final ExportTarget target;
    private final ExportPositions positions;
    private final Clock clock;

    /** @param store connections as the auditor */
    public AuditExport(DataSource store, ExportTarget target, Clock clock) {
        this.store = store;
        this.target = target;
        this.positions = new ExportPositions(target);
        this.clock = clock;
    }

    /**
     * What a run wrote.
     *
     * @param manifest the number of the newest manifest; 0 while there is none
     * @param digest its digest: kept elsewhere, it proves every row before it
     */
    public record Exported(long rows, long manifest, String digest) {}

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
            ExportPosition position = positions.of(connection, id);
            long rows = 0;
            while (true) {
                ExportBatch batch = ExportBatch.read(connection, position.heads());
                boolean closing = closed && batch.isLast() && !position.closed();
                if (batch.rows() == 0 && batch.started().isEmpty() && !closing) {
                    return new Exported(rows, position.manifest(), position.digest());
                }
                position = write(connection, id, position, batch, closing);
                rows += batch.rows();
            }
        }
    }

    private ExportPosition write(
            Connection connection, String id, ExportPosition position, ExportBatch batch, boolean closing)
            throws SQLException, IOException {
        long number = position.manifest() + 1;
        byte[] content = batch.content().toByteArray();
        String sha256 = Sha256.hex(content);
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
        String digest = Sha256.hex(bytes);
        positions.note(connection, manifest, digest);
        return position.with(manifest, digest);
    }
}
