package txlookup.cli.verify;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RepairActs;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.pairing.OpenPaymentsCheck;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.cli.ExitCode;
import txlookup.cli.Failures;
import txlookup.cli.Main;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.GenerationOption;
import txlookup.cli.options.NoGenerationException;
import txlookup.cli.view.ProgressLine;
import txlookup.cli.view.VerificationConsole;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.proof.Report;
import txlookup.proof.Verification;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.completeness.CommittedRecords;
import txlookup.proof.completeness.CompletenessProof;
import txlookup.proof.completeness.CoverageResult;
import txlookup.proof.completeness.LogSpan;
import txlookup.proof.generation.ComparisonReport;
import txlookup.proof.generation.ComparisonResult;
import txlookup.proof.repair.Repair;
import txlookup.proof.report.CoverageReport;
import txlookup.proof.report.ReportFormat;
import txlookup.proof.store.CoverageRows;
import txlookup.proof.store.StoreSide;
import txlookup.proof.store.VerifiedWindows;
import txlookup.rebuild.serving.LiveGenerations;

@Command(
        name = "verify",
        description = {
            "Compares the store with what the generation was loaded from, with the log, with another store or with another",
            "generation, or shows that everything published and extracted is accounted for. Reads only, unless told to repair.",
            "It reports its progress on standard error, and gives way to lookups and the stream as backfill.throttle says.",
            "A comparison with another generation is kept, and a switch looks for it.",
            "Exit code 0 when it passes, 1 when it does not, 2 when it could not be judged, 3 when the log has a gap."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup verify --set backfill.ndjson.ledgerEntries=entries.ndjson.gz",
            "  txlookup verify --profile cloud-test --repair --format json",
            "  txlookup verify --coverage --wait 30",
            "  txlookup verify --log",
            "  txlookup verify --generation 20261128010824 --against 20261121010733",
            "  txlookup verify --store-url jdbc:postgresql://127.0.0.1:5432/rebuilt --store-user reader"
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final Duration COVERAGE_POLL = Duration.ofMillis(200);

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GenerationOption generation;

    @ArgGroup
    private Against against = new Against();

    static final class Against {
        @Option(names = "--coverage", description = "Judge completeness instead of content.")
        boolean coverage;

        @Option(names = "--log", description = "Compare with the log from the anchor on, where the source is away.")
        boolean log;

        @Option(
                names = "--against",
                converter = GenerationConverter.class,
                paramLabel = "NUMBER",
                description = "Compare with this generation, while both are written.")
        GenerationNumber generation;

        @ArgGroup(exclusive = false)
        OtherStore store;
    }

    static final class OtherStore {
        @Option(names = "--store-url", required = true, description = "Compare with this store: a JDBC URL.")
        String url;

        @Option(names = "--store-user", required = true, description = "Its user.")
        String user;

        @Option(names = "--store-password-variable", paramLabel = "NAME", description = "The secret with its password.")
        String passwordVariable;
    }

    @Option(
            names = "--repair",
            description = {"Apply the source's rows in each generation that takes events; quarantine extra rows."})
    private boolean repair;

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a change may take from source to store. Default: ${DEFAULT-VALUE}")
    private int settle;

    @Option(
            names = "--from",
            paramLabel = "INSTANT",
            description = "Judge only what changed since, such as 2026-02-05T01:00:00Z.")
    private Instant from;

    @Option(
            names = "--confirm-after",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long a difference must last. Default: ${DEFAULT-VALUE}")
    private int confirmAfter;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "With --coverage: how long to wait for the stream. Default: ${DEFAULT-VALUE}")
    private int wait;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, json, junit or markdown. Default: ${DEFAULT-VALUE}")
    private ReportFormat format;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        SecretSource secrets = main.profile().secrets(profile);
        try (ChosenGeneration chosen = generation.open(DatabaseRole.WRITER, profile, secrets);
                VerifySources sources = new VerifySources(profile, secrets, chosen.store(), chosen.generation())) {
            if (against.generation != null) {
                return againstGeneration(chosen, sources);
            }
            if (against.coverage) {
                return coverage(chosen.number(), sources, new CoverageRows(chosen.store()));
            }
            return repair
                    ? repairEach(profile, secrets, chosen, sources)
                    : content(chosen.number(), sources, chosen.store(), format);
        } catch (NoGenerationException e) {
            return notJudged(e.getMessage());
        }
    }

    /** In each generation that takes events: a repair is not in the log, and a switch would undo it. */
    private int repairEach(Profile profile, SecretSource secrets, ChosenGeneration chosen, VerifySources sources)
            throws SQLException, InterruptedException {
        List<Long> others = new LiveGenerations(chosen.store())
                .consumed().stream()
                        .map(Generation::number)
                        .filter(number -> number != chosen.number())
                        .toList();
        List<Long> all =
                Stream.concat(Stream.of(chosen.number()), others.stream()).toList();
        RepairActs acts = RepairActs.begin(
                chosen.store(), all, new Act.Order(System.getProperty("user.name"), "verify --repair"));
        int code = content(chosen.number(), sources, chosen.store(), format);
        acts.done(chosen.number(), "exit code " + code);
        for (long number : others) {
            print("Generation %d takes events, too:%n".formatted(number));
            try (ChosenGeneration other = ChosenGeneration.open(
                            DatabaseRole.WRITER, profile, secrets, Optional.of(new GenerationNumber(number)));
                    VerifySources ofOther = new VerifySources(profile, secrets, other.store(), other.generation())) {
                int itsCode = content(number, ofOther, other.store(), ReportFormat.TEXT);
                acts.done(number, "exit code " + itsCode);
                code = Math.max(code, itsCode);
            }
        }
        return code;
    }

    private int content(long number, VerifySources sources, HikariDataSource store, ReportFormat format)
            throws SQLException, InterruptedException {
        try {
            DataSet source = source(sources);
            VerifiedWindows windows = new VerifiedWindows(store);
            Instant appliedUntil = windows.appliedUntil().orElse(source.readUntil());
            Window window = Window.settled(from, appliedUntil, source.readUntil(), Duration.ofSeconds(settle));
            VerificationSettings settings =
                    VerificationSettings.USUAL.confirmingAfter(Duration.ofSeconds(confirmAfter));
            ProgressLine line = new ProgressLine(spec.commandLine().getErr());
            Verification verification = new Verification(
                    source,
                    new StoreSide(store, "store", appliedUntil),
                    settings,
                    new VerificationConsole(line),
                    ThrottleSettings.of(sources.throttle()));
            Findings found;
            try {
                found = verification.run(window);
            } finally {
                line.clear();
            }
            if (found.isWithoutSource()) {
                return notJudged(
                        "%s gave no rows and the store has some; is it the right source?".formatted(source.name()));
            }
            Repair repairing = new Repair(store, verification, source, "txlookup verify");
            Findings known = found.with(
                    repair
                            ? repairing.carryOut(found.differences(), window)
                            : repairing.withQuarantined(found.differences()));
            Report pass = new Report(number, source.name(), window, known, null);
            if (source.isWhole()) {
                windows.remember(source.name(), window, pass.rowsJudged(), pass.wrong(), pass.isClean());
            }
            Report report = pass.withVerifiedThrough(windows.verifiedThrough().orElse(null));
            print(format.write(report));
            boolean listed = isListRight(store);
            return report.passed() && listed ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IOException e) {
            return notJudged("the source cannot be read: " + e);
        } catch (KafkaException e) {
            return notJudged("the log cannot be read: " + Failures.message(e));
        }
    }

    /** Of one snapshot, so there is nothing to wait for. */
    private boolean isListRight(HikariDataSource store) throws SQLException {
        OpenPaymentsCheck check = new OpenPaymentsCheck(store);
        List<String> wrong = check.wrong();
        if (wrong.isEmpty()) {
            return true;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                "The list of open payments contradicts the entries of %d payments, such as %s.%n",
                wrong.size(), wrong.get(0));
        if (repair) {
            check.repair(wrong);
            err.println("The generation's consumer mends the list within seconds.");
        }
        err.flush();
        return repair;
    }

    private int againstGeneration(ChosenGeneration chosen, VerifySources sources)
            throws SQLException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        ComparisonResult result = new AgainstGeneration(chosen, sources, err).compare(against.generation.value());
        print(format == ReportFormat.JSON ? ComparisonReport.json(result) + "\n" : ComparisonReport.text(result));
        if (!result.isJudged()) {
            return ExitCode.NOT_JUDGED;
        }
        return result.passed() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private DataSet source(VerifySources sources) throws SQLException {
        if (against.log) {
            return sources.log();
        }
        if (against.store != null) {
            return sources.otherStore(against.store.url, against.store.user, against.store.passwordVariable);
        }
        return sources.backfillSource();
    }

    private int coverage(long number, VerifySources sources, CoverageRows rows)
            throws SQLException, InterruptedException {
        List<LogSpan> log;
        try {
            // Before the coverage is read: what is applied meanwhile is more than is asked for, never less.
            log = sources.spans();
        } catch (KafkaException e) {
            return notJudged("the broker cannot be asked for the log's ends: " + Failures.message(e));
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        CommittedRecords committed = sources.committed();
        CompletenessProof proof = CompletenessProof.of(number, log, rows.read(), committed);
        while (proof.state() == CoverageResult.State.NOT_PROVED && System.nanoTime() < deadline) {
            Thread.sleep(COVERAGE_POLL.toMillis());
            proof = CompletenessProof.of(number, log, rows.read(), committed);
        }
        print(format == ReportFormat.JSON ? CoverageReport.json(proof) : CoverageReport.text(proof));
        return switch (proof.state()) {
            case PROVED -> ExitCode.DONE;
            case NOT_PROVED -> ExitCode.FAILED;
            case GAP -> ExitCode.GAP;
        };
    }

    private void print(String report) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(report);
        out.flush();
    }

    private int notJudged(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("txlookup verify: " + why);
        err.flush();
        return ExitCode.NOT_JUDGED;
    }
}
