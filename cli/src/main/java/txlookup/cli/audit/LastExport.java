package txlookup.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.api.audit.CommandAudit;
import txlookup.api.audit.export.AuditExport;
import txlookup.api.audit.export.ExportTarget;
import txlookup.api.audit.export.ExportVerification;
import txlookup.api.audit.export.StoredAudit;

/** What has to be done about the audit before its store is destroyed. */
public final class LastExport {
    private final DataSource store;
    private final Optional<String> where;
    private final PrintWriter out;

    /**
     * @param store connections as the auditor
     * @param where the export of the environment; absent, what is not exported already stops a destruction
     */
    public LastExport(DataSource store, Optional<String> where, PrintWriter out) {
        this.store = store;
        this.where = where;
        this.out = out;
    }

    /** The order to destroy an environment, as its audit has it. */
    public static CommandAudit.Done destroyed(String actor, String environment, String server) {
        return new CommandAudit.Done(
                actor, "DESTROY_ENVIRONMENT", "ENVIRONMENT", environment, "txlookup env destroy", server);
    }

    /**
     * As {@link #run()}, with the order to destroy as the audit's last row.
     *
     * @param destroyed what goes, and who ordered it
     */
    public Optional<String> run(CommandAudit.Done destroyed) throws SQLException {
        if (StoredAudit.isUsed(store)) {
            CommandAudit.ordered(store, destroyed);
        }
        return run();
    }

    /** Closes the audit and exports its last rows. Answers why the store has to stay; empty when it may go. */
    public Optional<String> run() throws SQLException {
        if (!StoredAudit.isUsed(store)) {
            return Optional.empty();
        }
        StoredAudit.close(store);
        try {
            Optional<String> obstacle = where.isPresent() ? export(where.get()) : unexported();
            if (obstacle.isPresent()) {
                StoredAudit.reopen(store);
            }
            return obstacle;
        } catch (SQLException | RuntimeException e) {
            StoredAudit.reopen(store);
            throw e;
        }
    }

    private Optional<String> unexported() throws SQLException {
        long rows = StoredAudit.unexported(store);
        return rows == 0
                ? Optional.empty()
                : Optional.of(
                        "%,d rows of the audit are not exported; name a place with --set audit.exportTo=FOLDER-or-URL, or pass --discard-audit"
                                .formatted(rows));
    }

    private Optional<String> export(String to) throws SQLException {
        try (ExportTarget target = ExportTargets.toWrite(to)) {
            AuditExport.Exported exported = new AuditExport(store, target, Clock.systemUTC()).run();
            ExportVerification.Summary verified = new ExportVerification(target, out::println).run(store);
            long left = StoredAudit.unexported(store);
            if (left > 0 || !verified.isIntact()) {
                return Optional.of(
                        "the audit in %s is broken in %,d places and lacks %,d rows; run txlookup audit verify --anchor %s"
                                .formatted(to, verified.breaks(), left, to));
            }
            out.println("The audit is exported to %s: manifest %d, digest %s"
                    .formatted(to, exported.manifest(), exported.digest()));
            return Optional.empty();
        } catch (IOException | IllegalStateException e) {
            return Optional.of("the audit could not be exported to %s: %s".formatted(to, e.getMessage()));
        }
    }
}
