package txlookup.cli.gate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.Development;
import txlookup.cli.options.GenerationOption;
import txlookup.cli.options.Program;
import txlookup.cli.options.ShortDurationConverter;
import txlookup.cli.options.StoreAccess;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.model.Observation;
import txlookup.gate.model.ObservationFile;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.GateRun;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.report.SloReportFormat;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "slo-gate",
        description = {
            "Observes an environment and judges it by its objectives (profiles/slo).",
            "Exit code 0 pass, 1 an objective failed, 2 too little was seen, 3 data is missing, 4 wrong use, 5 nothing answers."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup slo-gate --drive",
            "  txlookup slo-gate --duration 30m --record observation.json --format junit > gate.xml",
            "  txlookup slo-gate --evaluate observation.json --format markdown"
        })
public final class SloGateCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(SloGateCommand.class);
    private static final long CONNECT_MILLIS = 3000;
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--duration",
            converter = ShortDurationConverter.class,
            defaultValue = "5m",
            description = "How long to observe, such as 90s or 5m. Default: ${DEFAULT-VALUE}")
    private Duration duration;

    @Option(
            names = "--interval",
            converter = ShortDurationConverter.class,
            defaultValue = "1s",
            description = "Time between two readings. Default: ${DEFAULT-VALUE}")
    private Duration interval;

    @Option(
            names = "--drive",
            description =
                    "Makes lookups at a fixed rate meanwhile, each measured from the instant at which it was due.")
    private boolean drive;

    @Option(
            names = "--rate",
            defaultValue = "30",
            description = "Lookups per second with --drive. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--canary",
            negatable = true,
            description = {
                "Publishes a marker event per second into each partition of both topics and measures when it is visible.",
                "Markers never reach the tables. Default: with --drive."
            })
    private Boolean canary;

    @Option(
            names = "--warm-up",
            converter = ShortDurationConverter.class,
            defaultValue = "10s",
            description = "How long --drive makes lookups before anything counts. Default: ${DEFAULT-VALUE}")
    private Duration warmUp;

    @Option(
            names = "--slo",
            paramLabel = "FILE",
            description =
                    "The objectives. Default: profiles/slo/<stage>.yaml, else profiles/slo/default.yaml, else the built-in ones.")
    private Path slo;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private SloReportFormat format;

    @Option(names = "--record", paramLabel = "FILE", description = "Writes the observation, for --evaluate.")
    private Path record;

    @Option(
            names = "--evaluate",
            paramLabel = "FILE",
            description = "Judges a recorded observation instead of observing.")
    private Path evaluate;

    @Option(
            names = "--evidence",
            paramLabel = "FOLDER",
            description = {
                "Where a bundle is added to the evidence. Default: the local environment's; none with --evaluate.",
                "The store keeps a copy for the console."
            })
    private Path evidence;

    @Option(names = "--api", description = "The API's address. Default: the profile's.")
    private URI api;

    @Option(
            names = "--consumer",
            paramLabel = "ADDRESS",
            description = "A consumer's address; may be repeated. Default: the generation's here, else the profile's.")
    private List<URI> consumers = new ArrayList<>();

    @Mixin
    private GenerationOption generation;

    @Option(
            names = "--prometheus",
            paramLabel = "URL",
            description = "Reads the services' metrics from there, after --duration, instead of scraping them.")
    private URI prometheus;

    @Override
    public Integer call() throws Exception {
        if (rate <= 0 || duration.isNegative() || interval.isZero()) {
            throw new ParameterException(
                    spec.commandLine(), "--rate and --interval must be above 0, and --duration not below");
        }
        Profile profile = main.profile().load();
        SloFile file = slo == null ? SloFile.ofStage(profile.stage().yamlName()) : SloFile.read(slo);
        Observation observation = evaluate == null ? observe(profile, file) : ObservationFile.read(evaluate);
        if (record != null) {
            ObservationFile.write(observation, record);
        }
        GateReport report = Evaluation.of(observation, file);
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(report));
        out.flush();
        keep(report, profile);
        return report.exitCode();
    }

    private void keep(GateReport report, Profile profile) throws IOException {
        boolean observed = evaluate == null;
        if (!observed && evidence == null) {
            return;
        }
        GateEvidence kept =
                new GateEvidence(evidence != null ? evidence : profile.local().evidence());
        PrintWriter err = spec.commandLine().getErr();
        err.println("evidence in " + kept.keep(report));
        err.flush();
        if (observed) {
            kept.copy(profile, main.profile().secrets(profile));
        }
    }

    private Observation observe(Profile profile, SloFile file) throws InterruptedException, IOException {
        Optional<Long> number = number(profile);
        try (HikariDataSource store = StoreAccess.generation(
                DatabaseRole.READER,
                profile,
                main.profile().secrets(profile),
                number.orElse(GateSources.NO_GENERATION))) {
            // The gate looks again and again; a store that is away is an observation, not worth a long wait.
            store.setConnectionTimeout(CONNECT_MILLIS);
            Observation.Environment environment = new Observation.Environment(
                    "%s %s %s"
                            .formatted(
                                    profile.stage().yamlName(),
                                    profile.naming().owner(),
                                    profile.naming().env()),
                    number.orElse(null),
                    List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
            List<ObservationSource> sources = new GateSources(
                            profile,
                            store,
                            number,
                            generation.named().map(GenerationNumber::value),
                            services(profile, number),
                            main.profile().secrets(profile),
                            System.getenv())
                    .all(
                            drive ? Optional.of(new GateSources.Drive(rate, warmUp)) : Optional.empty(),
                            canary == null ? drive : canary,
                            metrics());
            try {
                return new GateRun(environment, file, sources).observe(duration, interval, this::tell);
            } finally {
                sources.forEach(ObservationSource::close);
            }
        }
    }

    private GateSources.Metrics metrics() {
        return new GateSources.Metrics(Optional.ofNullable(prometheus));
    }

    private Map<String, URI> services(Profile profile, Optional<Long> number) {
        Map<String, URI> services = new LinkedHashMap<>();
        services.put(
                GateSources.API,
                api != null
                        ? api
                        : address(profile.api().bindAddress(), profile.api().port()));
        for (int i = 1; api == null && i < profile.local().apiProcesses(); i++) {
            services.put(
                    GateSources.API + "-" + (i + 1),
                    address(profile.api().bindAddress(), profile.api().port() + i));
        }
        if (consumers.isEmpty()) {
            consumers.add(number.filter(known -> profile.stage() == Stage.LOCAL)
                    .flatMap(known -> Development.find().flatMap(here -> here.consumer(profile, known)))
                    .orElseGet(() -> address(
                            profile.consumer().bindAddress(), profile.consumer().port())));
        }
        for (int i = 0; i < consumers.size(); i++) {
            services.put(GateSources.CONSUMER + (i == 0 ? "" : "-" + (i + 1)), consumers.get(i));
        }
        return services;
    }

    private static URI address(String host, int port) {
        return URI.create("http://%s:%d".formatted(host, port));
    }

    /** The one that was named, else the one that serves; none where the store is away, which the readings then say. */
    private Optional<Long> number(Profile profile) {
        if (generation.named().isPresent()) {
            return Optional.of(generation.named().get().value());
        }
        try {
            return ChosenGeneration.serving(profile, main.profile().secrets(profile));
        } catch (SQLException e) {
            log.warn("The store does not say which generation serves: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void tell(Duration left) {
        if (left.toSeconds() % TELL_EVERY.toSeconds() == 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("observing, %d s left".formatted(left.toSeconds()));
            err.flush();
        }
    }
}
