package txlookup.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import txlookup.apply.Entity;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.ConsumerSettings;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;

@Command(
        name = "consume",
        description = {
            "Applies a generation's events until it is stopped (SIGTERM, Ctrl-C). Where to go on is what the store says.",
            "/health, /ready and /metrics answer on the profile's consumer.port. Exit code 3: the log lost events."
        },
        footer = {"", "Example:", "  txlookup consume --generation 20261121010733"})
final class ConsumeCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Option(
            names = "--generation",
            required = true,
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description = "The generation, as txlookup generation list shows it.")
    private GenerationNumber generation;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        LogFormat.ofService(profile.stage()).use();
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByName(profile.consumer().bindAddress()),
                profile.consumer().port());
        Telemetry telemetry = Telemetry.start("txlookup-consumer", profile, System.getenv());
        ConsumerProcess process = new ConsumerProcess(
                settings(profile),
                profile.events().profile(),
                StoreAccess.open(profile, main.profile().secrets(profile)),
                address,
                telemetry.traces(),
                telemetry.exported());
        Thread stop = new Thread(
                () -> {
                    process.close();
                    telemetry.close();
                },
                "stop-consumer");
        Runtime.getRuntime().addShutdownHook(stop);
        process.run();
        return ExitCode.DONE;
    }

    private ConsumerSettings settings(Profile profile) {
        Map<String, Object> kafka = BrokerLogin.added(
                profile.messaging().consumerProperties(),
                profile,
                main.profile().secrets(profile));
        kafka.put("max.poll.records", profile.consumer().pollMaxRecords());
        return new ConsumerSettings(
                generation.value(),
                profile.names().consumerGroup(generation),
                Map.of(profile.ledgerTopic(), Entity.LEDGER_ENTRY, profile.paymentOrderTopic(), Entity.PAYMENT_ORDER),
                kafka,
                "process " + ProcessHandle.current().pid(),
                profile.consumer().batchMaxRecords(),
                profile.consumer().batchMaxBytes().bytes(),
                profile.consumer().batchInterval(),
                profile.consumer().retryInitialBackoff(),
                profile.consumer().retryMaxBackoff(),
                profile.events().maxFutureSkew(),
                profile.consumer().maxDeadShare(),
                profile.consumer().crashTries());
    }
}
