package txlookup.cli.verify;

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
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.GenerationOption;
import txlookup.cli.options.NoGenerationException;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.proof.compare.DataSet;
import txlookup.proof.generation.ComparisonReport;
import txlookup.proof.generation.ComparisonResult;
import txlookup.proof.report.ReportFormat;
import txlookup.proof.store.CoverageRows;
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
    @ParentCommand
    private Program main;

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
                return new CoverageCheck(Duration.ofSeconds(wait), format, output())
                        .run(chosen.number(), sources, new CoverageRows(chosen.store()));
            }
            return repair ? repairEach(profile, secrets, chosen, sources) : content(chosen, sources, format);
        } catch (NoGenerationException e) {
            return output().notJudged(e.getMessage());
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
        int code = content(chosen, sources, format);
        acts.done(chosen.number(), "exit code " + code);
        for (long number : others) {
            output().print("Generation %d takes events, too:%n".formatted(number));
            try (ChosenGeneration other = ChosenGeneration.open(
                            DatabaseRole.WRITER, profile, secrets, Optional.of(new GenerationNumber(number)));
                    VerifySources ofOther = new VerifySources(profile, secrets, other.store(), other.generation())) {
                int itsCode = content(other, ofOther, ReportFormat.TEXT);
                acts.done(number, "exit code " + itsCode);
                code = Math.max(code, itsCode);
            }
        }
        return code;
    }

    private int content(ChosenGeneration chosen, VerifySources sources, ReportFormat format)
            throws SQLException, InterruptedException {
        ContentCheck check =
                new ContentCheck(from, Duration.ofSeconds(settle), Duration.ofSeconds(confirmAfter), repair, output());
        try {
            return check.run(
                    chosen.number(), source(sources), chosen.store(), ThrottleSettings.of(sources.throttle()), format);
        } catch (KafkaException e) {
            return output().notJudged("the log cannot be read", e);
        }
    }

    private int againstGeneration(ChosenGeneration chosen, VerifySources sources)
            throws SQLException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        ComparisonResult result = new AgainstGeneration(chosen, sources, err).compare(against.generation.value());
        output().print(
                        format == ReportFormat.JSON
                                ? ComparisonReport.json(result) + "\n"
                                : ComparisonReport.text(result));
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

    private VerifyOutput output() {
        return new VerifyOutput(spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
