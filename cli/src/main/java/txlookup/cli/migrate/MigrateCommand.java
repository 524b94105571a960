package txlookup.cli.migrate;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.ExitCode;
import txlookup.cli.Main;
import txlookup.cli.options.StoreAccess;
import txlookup.migrations.Drift;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "migrate",
        description = {
            "Brings the control schema to head, and expands the schema of each generation that is not retired. Running it",
            "again changes nothing, and continues what was killed.",
            "An edited released file, a database ahead of this build, or a schema that somebody changed by hand is refused."
        },
        footer = {"", "Example:", "  txlookup migrate --profile local"})
public final class MigrateCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accept-drift", description = "Accept the changes that somebody made to a schema by hand.")
    private boolean acceptDrift;

    @Override
    public Integer call() throws SQLException {
        Profile profile = main.profile().load();
        try (HikariDataSource store = open(profile)) {
            int exitCode = toHead(Migrations.CONTROL, Migrations.ofControl(store));
            for (long generation : Migrations.generations(store)) {
                exitCode = Math.max(
                        exitCode,
                        toHead(
                                Migrations.schema(generation),
                                Migrations.ofGeneration(
                                        store, generation, profile.database().distribution())));
            }
            return exitCode;
        }
    }

    private int toHead(String schema, Migrations migrations) throws SQLException {
        Optional<Drift> drift = migrations.drift();
        if (drift.isPresent() && !acceptDrift) {
            spec.commandLine().getErr().println(drift.get().message());
            return ExitCode.FAILED;
        }
        List<String> applied = migrations.toHead();
        if (drift.isPresent() && applied.isEmpty()) {
            migrations.writeShape();
        }
        spec.commandLine()
                .getOut()
                .println("Schema %s: revision %s = head; %s"
                        .formatted(
                                schema,
                                migrations.revision().current(),
                                applied.isEmpty() ? "nothing to do" : "applied " + String.join(", ", applied)));
        return ExitCode.DONE;
    }

    public Profile profile() {
        return main.profile().load();
    }

    /** An index that is made concurrently takes longer than the pool's statements usually may. */
    public HikariDataSource open(Profile profile) {
        return StoreAccess.control(
                DatabaseRole.OWNER, profile, main.profile().secrets(profile), Migrations.LONGEST_STATEMENT);
    }
}
