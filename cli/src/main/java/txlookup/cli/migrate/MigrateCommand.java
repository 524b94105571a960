package txlookup.cli.migrate;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.audit.CommandAudit;
import txlookup.azure.login.EntraRoles;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
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
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accept-drift", description = "Accept the changes that somebody made to a schema by hand.")
    private boolean acceptDrift;

    @Option(
            names = "--actor",
            defaultValue = "${sys:user.name}",
            description = "Who orders it, for the audit. Default: ${DEFAULT-VALUE}.")
    private String actor;

    @Option(
            names = "--admit",
            paramLabel = "ROLE=OBJECT-ID",
            description = "Makes a role for an identity of Entra, which may log in and no more. May be repeated.")
    private Map<String, String> admitted = new LinkedHashMap<>();

    private final List<String> changed = new ArrayList<>();

    @Override
    public Integer call() throws SQLException {
        Profile profile = main.profile().load();
        for (Map.Entry<String, String> identity : admitted.entrySet()) {
            boolean made = EntraRoles.make(profile.database(), identity.getKey(), identity.getValue());
            spec.commandLine()
                    .getOut()
                    .println("Role %s: %s".formatted(identity.getKey(), made ? "made" : "nothing to do"));
        }
        try (HikariDataSource store = open(profile)) {
            int exitCode = migrate(store, profile);
            if (!changed.isEmpty()) {
                audit(profile);
            }
            return exitCode;
        }
    }

    /** Only now, because the audit itself may have been made by it. */
    private void audit(Profile profile) {
        CommandAudit.Done migrated = new CommandAudit.Done(
                actor, "MIGRATE", "SCHEMA", profile.database().name(), "txlookup migrate", String.join("; ", changed));
        try (HikariDataSource audit =
                StoreAccess.control(DatabaseRole.READER, profile, main.profile().secrets(profile))) {
            CommandAudit.done(audit, migrated);
        } catch (SQLException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "The schema is migrated, and the audit does not say so, because this login may not write to it: "
                                    + e.getMessage());
        }
    }

    private int migrate(HikariDataSource store, Profile profile) throws SQLException {
        int exitCode = toHead(Migrations.CONTROL, Migrations.ofControl(store));
        for (long generation : Migrations.generations(store)) {
            exitCode = Math.max(
                    exitCode,
                    toHead(
                            Migrations.schema(generation),
                            Migrations.ofGeneration(store, generation, profile.database())));
        }
        return exitCode;
    }

    private int toHead(String schema, Migrations migrations) throws SQLException {
        Optional<Drift> drift = migrations.drift();
        if (drift.isPresent() && !acceptDrift) {
            spec.commandLine().getErr().println(drift.get().message());
            return ExitCode.FAILED;
        }
        List<String> applied = migrations.toHead();
        if (!applied.isEmpty()) {
            changed.add(schema + ": " + String.join(", ", applied));
        }
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
