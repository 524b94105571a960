package txlookup.cli.service;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.Watch;
import txlookup.apply.model.Entity;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "consume",
        description = {
            "Applies a generation's events until it is stopped (SIGTERM, Ctrl-C). It resumes at the store's position.",
            "/health, /ready and /metrics answer on the profile's consumer.port.",
            "A gap in the log or too many dead letters stop one partition; the others continue. /ready names it and the",
            "reason. Repair it, then --resume the partition: its consumer reads the order within two seconds.",
            "Started while its generation is loaded, it waits until the generation is CATCHING_UP. Once the generation is",
            "RETIRING, RETIRED or FAILED it ends, with exit code 0."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup consume --generation 20261121010733",
            "  txlookup consume --resume ledger.entry.upserted-7 --reason 'producer is mended'"
        })
public final class ConsumeCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--generation",
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description =
                    "The generation, as txlookup generation list shows it. With --resume the default is the serving generation.")
    private GenerationNumber generation;

    @ArgGroup(exclusive = false)
    private ResumeOrder resume;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        if (resume != null) {
            try (ChosenGeneration chosen = ChosenGeneration.open(
                    DatabaseRole.WRITER, profile, main.profile().secrets(profile), Optional.ofNullable(generation))) {
                spec.commandLine().getOut().println(resume.give(chosen));
            }
            return ExitCode.DONE;
        }
        if (generation == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--generation=NUMBER'");
        }
        LogFormat.ofService(profile.stage()).use();
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByName(profile.consumer().bindAddress()),
                profile.consumer().port());
        requireReadable(profile);
        Telemetry telemetry = Telemetry.start("txlookup-consumer", false, profile, System.getenv());
        ConsumerProcess process = new ConsumerProcess(
                settings(profile),
                profile.events().profile(),
                StoreAccess.generation(
                        DatabaseRole.WRITER, profile, main.profile().secrets(profile), generation.value()),
                address,
                new Watch(profile.serving().watch(), profile.serving().candidateTimeout()),
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

    private void requireReadable(Profile profile) {
        try (HikariDataSource store =
                StoreAccess.control(DatabaseRole.READER, profile, main.profile().secrets(profile))) {
            Migrations.ofControl(store).requireReadable();
            Migrations.ofGeneration(store, generation.value()).requireReadable();
        }
    }

    private SubscriptionSettings settings(Profile profile) {
        Map<String, Object> kafka = BrokerLogin.added(
                profile.messaging().consumerProperties(),
                profile,
                main.profile().secrets(profile));
        kafka.put("max.poll.records", profile.consumer().pollMaxRecords());
        profile.consumer().member().ifPresent(name -> kafka.put("group.instance.id", name));
        return new SubscriptionSettings(
                generation.value(),
                profile.names().consumerGroup(generation),
                profile.names().canary(),
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
