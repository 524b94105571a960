package txlookup.cli.audit;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.audit.AuditVerification;
import txlookup.api.audit.export.ExportTarget;
import txlookup.api.audit.export.ExportVerification;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "audit",
        subcommands = AuditExportCommand.class,
        description = "The audit of lookups: who looked up what.",
        footer = {"", "Example:", "  txlookup audit verify --anchor ../kept-audit"})
public final class AuditCommand implements Runnable {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    Profile profile() {
        return main.profile().load();
    }

    SecretSource secrets(Profile profile) {
        return main.profile().secrets(profile);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: verify or export");
    }

    @Command(
            name = "verify",
            description = {
                "Checks that no row of the audit was removed, changed, reordered or inserted.",
                "With --anchor it also checks an export and compares the store with it, so that a whole audit that was",
                "written again shows. Exit code 0 when all is intact, 1 when it is not, with each broken row named."
            },
            footer = {"", "Example:", "  txlookup audit verify --anchor ../kept-audit"})
    int verify(
            @Option(names = "--anchor", paramLabel = "FOLDER-or-URL", description = "The export to compare with.")
                    @Nullable
                    String anchor,
            @Option(names = "--export-only", description = "Check the export alone, without the store.")
                    boolean exportOnly)
            throws SQLException, IOException {
        if (exportOnly && anchor == null) {
            throw new ParameterException(spec.commandLine(), "Missing: --anchor FOLDER-or-URL");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (exportOnly) {
            try (ExportTarget target = ExportTargets.toRead(anchor)) {
                return code(out, new ExportVerification(target, out::println).run());
            }
        }
        Profile profile = profile();
        try (HikariDataSource store = StoreAccess.control(DatabaseRole.READER, profile, secrets(profile))) {
            AuditVerification.Summary summary = new AuditVerification(store).run(out::println);
            out.println("%s: %,d rows in %,d chains, %,d dropped after their export; head %s"
                    .formatted(
                            state(summary.isIntact(), summary.breaks()),
                            summary.rows(),
                            summary.chains(),
                            summary.rowsDropped(),
                            summary.head()));
            int code = summary.isIntact() ? ExitCode.DONE : ExitCode.FAILED;
            if (anchor != null) {
                try (ExportTarget target = ExportTargets.toRead(anchor)) {
                    code = Math.max(code, code(out, new ExportVerification(target, out::println).run(store)));
                }
            }
            out.flush();
            return code;
        }
    }

    private static int code(PrintWriter out, ExportVerification.Summary export) {
        out.println("export %s: %,d rows of %,d stores in %,d manifests, %,d stores not closed; digest %s"
                .formatted(
                        state(export.isIntact(), export.breaks()),
                        export.rows(),
                        export.stores(),
                        export.manifests(),
                        export.open(),
                        export.digest()));
        out.flush();
        return export.isIntact() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static String state(boolean intact, long breaks) {
        return intact ? "intact" : "BROKEN in %,d places".formatted(breaks);
    }
}
