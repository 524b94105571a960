package txlookup.cli.deadletter;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.deadletter.DeadLetterOrder;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRun.Action;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.DeadLetterState;
import txlookup.apply.store.deadletter.DeadLetters;
import txlookup.apply.store.deadletter.StoredDeadLetter;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationOption;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "dlq",
        description = {
            "Dead letters: records that were set aside with their bytes and the reason.",
            "A replay reads them again with the event profile of today and applies them in place; a newer state of the",
            "same key stays. Nothing goes back to the topic."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup dlq list --reason future_timestamp",
            "  txlookup dlq show 42",
            "  txlookup dlq replay --reason future_timestamp --dry-run",
            "  txlookup dlq replay 42 43",
            "  txlookup dlq discard 44 --note 'test data of a load run'"
        })
public final class DlqCommand implements Runnable {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: list, show, replay, discard, runs or prune");
    }

    @Command(
            name = "list",
            description = "Shows the groups of a generation's dead letters, then each selected one, oldest first.")
    int list(
            @Mixin DeadLetterOptions options,
            @Option(
                            names = "--state",
                            split = ",",
                            description = "OPEN, REPLAYING, RESOLVED, SUPERSEDED, DISCARDED. Default: the first two.")
                    List<DeadLetterState> states,
            @Option(names = "--limit", defaultValue = "50", description = "Most to show. Default: ${DEFAULT-VALUE}.")
                    int limit)
            throws SQLException {
        Set<DeadLetterState> wanted =
                states == null ? EnumSet.of(DeadLetterState.OPEN, DeadLetterState.REPLAYING) : EnumSet.copyOf(states);
        Profile profile = main.profile().load();
        PrintWriter out = spec.commandLine().getOut();
        try (ChosenGeneration chosen = open(DatabaseRole.READER, profile, options)) {
            DeadLetters deadLetters = new DeadLetters(chosen.store());
            deadLetters
                    .summary()
                    .forEach(group -> out.println("%,8d  %-10s  %s  %s"
                            .formatted(group.count(), group.state(), group.reason(), group.source())));
            for (StoredDeadLetter letter : deadLetters.page(options.selection(), wanted, 0, limit)) {
                out.println(line(letter));
            }
        }
        return ExitCode.DONE;
    }

    @Command(name = "show", description = "One dead letter, with its bytes.")
    int show(@Mixin GenerationOption generation, @Parameters(paramLabel = "ID", description = "Its number.") long id)
            throws SQLException {
        Profile profile = main.profile().load();
        try (ChosenGeneration chosen =
                generation.open(DatabaseRole.READER, profile, main.profile().secrets(profile))) {
            StoredDeadLetter letter = new DeadLetters(chosen.store())
                    .find(id)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "no dead letter %d; txlookup dlq list shows all".formatted(id)));
            PrintWriter out = spec.commandLine().getOut();
            SourceRecord record = letter.record();
            out.println(line(letter));
            out.println("record time  " + record.time());
            out.println("set aside    " + letter.failedAt() + ", replayed " + letter.attempts() + " times");
            if (letter.settledAt() != null) {
                out.println("settled      %s by %s%s"
                        .formatted(
                                letter.settledAt(),
                                letter.settledBy(),
                                letter.note() == null ? "" : ": " + letter.note()));
            }
            out.println("key          " + text(record.key()));
            out.println("headers      "
                    + (record.headers() == null ? "none" : record.headers().toJson()));
            out.println("value        " + text(record.value()));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "replay",
            description = {
                "Replays open dead letters: RESOLVED, SUPERSEDED by something newer, or open again with the reason.",
                "After " + DeadLetterRuns.MOST_ATTEMPTS + " replays only those named by number are tried.",
                "Replays of a generation run one after the other. If this process ends first, a consumer resumes the run.",
                "Exit code 0 when none is refused, 1 when some are or the run failed."
            })
    int replay(
            @Mixin DeadLetterOptions options,
            @Option(names = "--dry-run", description = "Show the result for each, and change nothing.") boolean dryRun,
            @Option(
                            names = "--rate",
                            defaultValue = "0",
                            description = "At most so many per second. Default: no limit.")
                    int rate,
            @Option(
                            names = "--resume",
                            paramLabel = "RUN",
                            description = "Resume an interrupted replay or discard, where no consumer does.")
                    Long resume)
            throws SQLException, InterruptedException {
        Profile profile = main.profile().load();
        try (ChosenGeneration chosen = open(DatabaseRole.WRITER, profile, options)) {
            DeadLetterRuns runs = new DeadLetterRuns(chosen.store());
            DeadLetterWork work = work(profile, chosen.store(), runs, options);
            return work.endOf(
                    resume == null
                            ? work.begin(new DeadLetterOrder(
                                    Action.REPLAY, options.selection(), options.actor(), null, dryRun, null, rate))
                            : interrupted(runs, resume));
        }
    }

    private DeadLetterRun interrupted(DeadLetterRuns runs, long id) throws SQLException {
        DeadLetterRun run = runs.find(id)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no run %d; txlookup dlq runs shows all".formatted(id)));
        if (run.endedAt() != null) {
            throw new ParameterException(spec.commandLine(), "run %d has ended; begin a new one".formatted(id));
        }
        return run;
    }

    @Command(name = "discard", description = "Settles open dead letters as not wanted. It cannot be undone.")
    int discard(
            @Mixin DeadLetterOptions options,
            @Option(names = "--note", required = true, description = "Why they are not wanted; kept with each.")
                    String note)
            throws SQLException, InterruptedException {
        Profile profile = main.profile().load();
        options.requireNarrowed(spec);
        if (profile.api().discardByTwo()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "This environment takes two people for a discard (api.discardByTwo). Discard in the console; another person confirms it there.");
        }
        try (ChosenGeneration chosen = open(DatabaseRole.WRITER, profile, options)) {
            DeadLetterWork work = work(profile, chosen.store(), new DeadLetterRuns(chosen.store()), options);
            return work.endOf(work.begin(DeadLetterOrder.discard(options.selection(), options.actor(), note)));
        }
    }

    @Command(name = "runs", description = "The latest replays and discards, newest first.")
    int runs(@Mixin DeadLetterOptions options) throws SQLException {
        Profile profile = main.profile().load();
        try (ChosenGeneration chosen = open(DatabaseRole.READER, profile, options)) {
            for (DeadLetterRun run : new DeadLetterRuns(chosen.store()).latest(50)) {
                spec.commandLine().getOut().println(DeadLetterWork.line(run));
            }
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "prune",
            description = "Deletes resolved and superseded dead letters. Open and discarded ones stay.")
    int prune(
            @Mixin GenerationOption generation,
            @Option(
                            names = "--older-than",
                            required = true,
                            paramLabel = "DURATION",
                            description = "Settled longer ago than that, such as P30D.")
                    Duration olderThan)
            throws SQLException {
        Profile profile = main.profile().load();
        try (ChosenGeneration chosen =
                generation.open(DatabaseRole.WRITER, profile, main.profile().secrets(profile))) {
            spec.commandLine()
                    .getOut()
                    .println("%,d deleted".formatted(new DeadLetters(chosen.store()).ageOut(olderThan)));
        }
        return ExitCode.DONE;
    }

    private ChosenGeneration open(DatabaseRole role, Profile profile, DeadLetterOptions options) throws SQLException {
        return options.open(role, profile, main.profile().secrets(profile));
    }

    private DeadLetterWork work(
            Profile profile, HikariDataSource store, DeadLetterRuns runs, DeadLetterOptions options) {
        Decoder decoder =
                new Decoder(profile.events().profile(), profile.events().maxFutureSkew(), Clock.systemUTC());
        Map<String, Entity> topics =
                Map.of(profile.ledgerTopic(), Entity.LEDGER_ENTRY, profile.paymentOrderTopic(), Entity.PAYMENT_ORDER);
        return new DeadLetterWork(
                runs,
                new OrderRunner(store, runs, decoder, topics),
                options.actor(),
                spec.commandLine().getOut());
    }

    private static String line(StoredDeadLetter letter) {
        return "%d  %s  %s at %d  %s: %s"
                .formatted(
                        letter.id(),
                        letter.state(),
                        letter.source(),
                        letter.record().position(),
                        letter.reason(),
                        letter.detail());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "none" : new String(bytes, StandardCharsets.UTF_8);
    }
}
