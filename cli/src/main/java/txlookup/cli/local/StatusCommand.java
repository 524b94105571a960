package txlookup.cli.local;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.health.Standstill;
import txlookup.api.health.Standstills;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.gate.model.SloFile;
import txlookup.migrations.Drift;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.rebuild.local.LocalFolders;
import txlookup.rebuild.local.LocalPart;
import txlookup.rebuild.serving.LiveGenerations;

@Command(
        name = "status",
        description = {
            "Shows which local processes run, which should run and do not, which partitions are stopped or",
            "are behind, what to do, and how the last rebuild went.",
            "Exit code 1 when nothing runs, something that should run does not, or a partition is stopped."
        },
        footer = {"", "Example:", "  txlookup status"})
public final class StatusCommand implements Callable<Integer> {
    private static final Duration ENOUGH = Duration.ofSeconds(5);

    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        PrintWriter out = spec.commandLine().getOut();
        LocalFolders folders = LocalEnvironment.folders(profile);
        for (Path file : List.of(folders.journal(), folders.besideJournal())) {
            Journal.read(file)
                    .ifPresent(journal -> out.println("rebuild    %d  T_cutover %s  %s"
                            .formatted(
                                    journal.generation(),
                                    journal.cutover(),
                                    journal.isOpen() ? "not decided" : journal.verdict())));
        }
        List<LocalPart> parts = LocalEnvironment.parts(profile);
        if (parts.stream().noneMatch(part -> part.wanted() || part.running().isPresent())) {
            out.println("Nothing runs; txlookup up starts it.");
            return ExitCode.FAILED;
        }
        parts.forEach(part -> print(out, part));
        boolean asItShould = parts.stream().noneMatch(LocalPart::isDown);
        // Told without a store that is away, which is told above.
        if (parts.get(0).running().isPresent()) {
            asItShould &= streamFlows(profile, out);
        }
        return asItShould ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void print(PrintWriter out, LocalPart part) {
        if (part.running().isPresent()) {
            out.println(
                    "%-10s running  %s".formatted(part.name(), part.running().get()));
        } else if (part.wanted()) {
            out.println("%-10s DOWN     its log %s ends with: %s"
                    .formatted(part.name(), part.log(), part.lastLine().orElse("(nothing)")));
            out.println(
                    "           do: txlookup up starts it again; if it ends again, repair the cause that its log names");
        }
    }

    /** Prints what the store tells of the stream; false when something stands still, be it for a while. */
    private boolean streamFlows(Profile profile, PrintWriter out) {
        SecretSource secrets = main.profile().secrets(profile);
        try (HikariDataSource control = StoreAccess.control(DatabaseRole.READER, profile, secrets, ENOUGH)) {
            LiveGenerations live = new LiveGenerations(control);
            if (live.serving().map(Serving::generation).isEmpty()) {
                out.println("nothing serves; txlookup up makes a generation that does");
                return false;
            }
            boolean flows = true;
            for (Drift drift : Migrations.drifts(control)) {
                out.println(drift.message());
                flows = false;
            }
            for (Generation generation : live.consumed()) {
                out.println("generation %d  %s".formatted(generation.number(), generation.state()));
                try (HikariDataSource store =
                        StoreAccess.generation(DatabaseRole.READER, profile, secrets, generation.number(), ENOUGH)) {
                    Duration staleAfter =
                            SloFile.ofStage(profile.stage().yamlName()).staleAfter();
                    List<Standstill> found = new Standstills(store, staleAfter, Clock.systemUTC()).now();
                    found.forEach(one -> out.println(text(one)));
                    flows &= found.stream().allMatch(one -> one.kind() == Standstill.Kind.BEHIND);
                }
            }
            return flows;
        } catch (SQLException e) {
            out.println("The store does not say how far the stream is: %s".formatted(e.getMessage()));
            return false;
        }
    }

    private static String text(Standstill one) {
        return switch (one.kind()) {
            case NO_CONSUMER ->
                "%s  NO CONSUMER  last heard of at %s%n           do: txlookup up starts one, or look into its log"
                        .formatted(one.subject(), one.since());
            case STOPPED ->
                "%1$s  STOPPED  since %2$s, generation %3$d: %4$s%n           do: repair the cause, then txlookup consume --resume %1$s --generation %3$d --reason TEXT; the other partitions continue"
                        .formatted(one.subject(), one.since(), one.generation(), one.reason());
            case BEHIND ->
                "%s  BEHIND   complete up to %s, generation %d".formatted(one.subject(), one.since(), one.generation());
        };
    }
}
