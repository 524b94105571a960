package txlookup.cli.audit;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.audit.export.AuditExport;
import txlookup.api.audit.export.AuditRetention;
import txlookup.api.audit.export.ExportTarget;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.ShortDurationConverter;
import txlookup.cli.options.StoreAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.ResourceKind;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "export",
        description = {
            "Copies the rows that are not exported yet into files of NDJSON, each with a manifest that names the one before.",
            "Then it drops the months that audit.retention lets go. After a kill, the same command resumes.",
            "Keep the newest manifest's digest elsewhere, or let the container of blobs be immutable."
        },
        footer = {"", "Example:", "  txlookup audit export --to ../kept-audit --follow"})
final class AuditExportCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--to",
            paramLabel = "FOLDER-or-URL",
            description =
                    "A folder, or https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER. Default: audit.exportTo of the profile.")
    private @Nullable String to;

    @Option(names = "--follow", description = "Run until Ctrl-C, and export what comes.")
    private boolean follow;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1m",
            converter = ShortDurationConverter.class,
            description = "With --follow: the time between two exports. Default: ${DEFAULT-VALUE}.")
    private Duration every;

    @Option(
            names = "--last",
            hidden = true,
            description =
                    "Close the audit with the order to destroy the environment, as txlookup env destroy wants it.")
    private boolean last;

    @Option(names = "--ordered-by", hidden = true, defaultValue = "${sys:user.name}", description = "With --last: who.")
    private String orderedBy;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        Profile profile = audit.profile();
        String where = to != null
                ? to
                : profile.audit()
                        .exportTo()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(), "Missing: --to FOLDER-or-URL, or audit.exportTo in the profile"));
        PrintWriter out = spec.commandLine().getOut();
        if (last) {
            return last(profile, where, out);
        }
        try (HikariDataSource store = StoreAccess.control(DatabaseRole.AUDITOR, profile, audit.secrets(profile));
                ExportTarget target = ExportTargets.toWrite(where)) {
            AuditExport export = new AuditExport(store, target, Clock.systemUTC());
            AuditRetention retention = new AuditRetention(store, profile.audit().retention(), Clock.systemUTC());
            run(export, retention, out, true);
            while (follow) {
                Thread.sleep(every.toMillis());
                try {
                    run(export, retention, out, false);
                } catch (SQLException | IOException e) {
                    out.println("not exported, the next try is in %s: %s".formatted(every, e.getMessage()));
                    out.flush();
                }
            }
        }
        return ExitCode.DONE;
    }

    private int last(Profile profile, String where, PrintWriter out) throws SQLException {
        try (HikariDataSource store = StoreAccess.control(DatabaseRole.AUDITOR, profile, audit.secrets(profile))) {
            Optional<String> obstacle = new LastExport(store, Optional.of(where), out)
                    .run(LastExport.destroyed(
                            orderedBy,
                            profile.naming().owner() + "/" + profile.naming().env(),
                            profile.names().of(ResourceKind.POSTGRES)));
            obstacle.ifPresent(out::println);
            out.flush();
            return obstacle.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
        }
    }

    private static void run(AuditExport export, AuditRetention retention, PrintWriter out, boolean always)
            throws SQLException, IOException {
        AuditExport.Exported exported = export.run();
        if (always || exported.rows() > 0) {
            out.println("%,d rows exported; manifest %d, digest %s"
                    .formatted(exported.rows(), exported.manifest(), exported.digest()));
        }
        for (AuditRetention.Dropped dropped : retention.run()) {
            out.println("%s dropped, %,d rows".formatted(dropped.month(), dropped.rows()));
        }
        out.flush();
    }
}
