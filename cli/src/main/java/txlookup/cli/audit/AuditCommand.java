package txlookup.cli.audit;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.audit.AuditVerification;
import txlookup.cli.ExitCode;
import txlookup.cli.Main;
import txlookup.cli.options.StoreAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "audit",
        description = "The audit of lookups: who looked up what.",
        footer = {"", "Example:", "  txlookup audit verify"})
public final class AuditCommand implements Runnable {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: verify");
    }

    @Command(
            name = "verify",
            description = {
                "Checks that no row of the audit was removed, changed, reordered or inserted.",
                "Exit code 0 when it is intact, 1 when it is not, with each broken row named.",
                "Keep the head that it prints elsewhere: an owner who drops the table's triggers could compute all hashes again."
            },
            footer = {"", "Example:", "  txlookup audit verify"})
    int verify() throws SQLException {
        Profile profile = main.profile().load();
        PrintWriter out = spec.commandLine().getOut();
        try (HikariDataSource store =
                StoreAccess.control(DatabaseRole.READER, profile, main.profile().secrets(profile))) {
            AuditVerification.Summary summary = new AuditVerification(store).run(out::println);
            out.println("%s: %,d rows in %,d chains, %,d dropped after their export; head %s"
                    .formatted(
                            summary.isIntact() ? "intact" : "BROKEN in %,d places".formatted(summary.breaks()),
                            summary.rows(),
                            summary.chains(),
                            summary.rowsDropped(),
                            summary.head()));
            out.flush();
            return summary.isIntact() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
