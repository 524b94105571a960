package txlookup.cli.backfill;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

@Command(
        name = "generate",
        description = {
            "Makes synthetic payments: events for the profile's topics, or an extract for a backfill.",
            "The same seed and start give the same payments."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup generate --payments 1000 --scenario out-of-order --rate 500",
            "  txlookup generate --payments 100000 --to-folder extract"
        })
public final class GenerateCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--payments", defaultValue = "1000", description = "How many payments. Default: ${DEFAULT-VALUE}")
    private long payments;

    @Option(
            names = "--from",
            defaultValue = "0",
            description = "Number of the first payment. Default: ${DEFAULT-VALUE}")
    private long from;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Decides the payments' content. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--start", description = "When the payments begin, ISO 8601 UTC. Default: now.")
    private Instant start;

    @ArgGroup(heading = "To Kafka (the default):%n", exclusive = false)
    private final Stream stream = new Stream();

    @Option(
            names = "--to-folder",
            paramLabel = "FOLDER",
            description = "Write an extract instead: two .ndjson.gz files and the manifest extract.json.")
    private Path folder;

    private static final class Stream {
        @Option(
                names = "--scenario",
                defaultValue = "happy",
                converter = ScenarioConverter.class,
                description = "happy, duplicate, out-of-order or error. Default: happy")
        private Scenario scenario = Scenario.HAPPY;

        @Option(
                names = "--rate",
                defaultValue = "0",
                description = "Events per second; 0 is as fast as the broker takes them.")
        private double rate;
    }

    @Override
    public Integer call() throws IOException {
        Profile profile = main.profile().load();
        Instant begin = start == null ? Instant.now() : start;
        PrintWriter out = spec.commandLine().getOut();
        if (folder != null) {
            Payments past = new Payments(seed, begin, from + payments);
            Instant readAt = Instant.now();
            Extract extract = Extract.write(past, from, from + payments, folder, true, readAt);
            out.println("Wrote %s and %s, read at %s as extract.json beside them says"
                    .formatted(extract.ledgerEntries(), extract.paymentOrders(), readAt));
            return ExitCode.DONE;
        }
        Map<Event.Kind, String> topics = Map.of(
                Event.Kind.LEDGER_ENTRY, profile.ledgerTopic(), Event.Kind.PAYMENT_ORDER, profile.paymentOrderTopic());
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping.set(true), "stop-generating"));
        Payments live = new Payments(seed, begin, from);
        try (Publisher publisher = new Publisher(
                BrokerLogin.added(
                        profile.messaging().producerProperties(),
                        profile,
                        main.profile().secrets(profile)),
                topics,
                live)) {
            long started = System.nanoTime();
            long sent =
                    publisher.publish(stream.scenario, from, from + payments, stream.rate, count -> {}, stopping::get);
            out.println("Published %,d events in %.1f s to %s and %s"
                    .formatted(
                            sent,
                            (System.nanoTime() - started) / 1e9,
                            profile.ledgerTopic(),
                            profile.paymentOrderTopic()));
        }
        return ExitCode.DONE;
    }
}
