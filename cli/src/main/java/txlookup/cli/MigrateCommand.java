package txlookup.cli;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;

@Command(
        name = "migrate",
        description = {
            "Brings the profile's database to head; running it again changes nothing.",
            "An edited released file, or a database ahead of this build, is refused."
        },
        footer = {"", "Example:", "  txlookup migrate --profile local"})
final class MigrateCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Profile profile = main.profile().load();
        try (HikariDataSource store = StoreAccess.open(profile, main.profile().secrets(profile))) {
            Migrations migrations = new Migrations(store);
            List<String> applied = migrations.toHead();
            spec.commandLine()
                    .getOut()
                    .println("Revision %s = head; %s"
                            .formatted(
                                    migrations.revision().current(),
                                    applied.isEmpty() ? "nothing to do" : "applied " + String.join(", ", applied)));
            return ExitCode.DONE;
        }
    }
}
