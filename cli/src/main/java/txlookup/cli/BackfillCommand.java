package txlookup.cli;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.backfill.Manifest;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;
import txlookup.profiles.SecretSource;
import txlookup.rebuild.Loading;

@Command(
        name = "backfill",
        description = {
            "Pins the cutover of a generation and loads the profile's backfill source into the store.",
            "A run that was killed is gone on with by giving its generation again. Exit code 1 when rows were rejected."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup backfill --set backfill.ndjson.ledgerEntries=entries.ndjson.gz \\",
            "                    --set backfill.ndjson.paymentOrders=orders.ndjson.gz",
            "  txlookup backfill --generation 20261121010733"
        })
final class BackfillCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--generation",
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description = "T_cutover as yyyyMMddHHmmss, UTC. Default: now, a new generation.")
    private GenerationNumber generation;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        SecretSource secrets = main.profile().secrets(profile);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        GenerationNumber number = generation == null ? GenerationNumber.fromCutover(now) : generation;
        Instant cutover = number.cutover().orElse(now);
        PrintWriter out = spec.commandLine().getOut();
        try (HikariDataSource store = StoreAccess.open(profile, secrets);
                BackfillInputs inputs = BackfillInputs.of(profile, secrets)) {
            Loading loading = new Loading(profile, store, Clock.systemUTC());
            loading.plan(number.value(), cutover);
            Map<String, Object> broker = profile.messaging().adminProperties();
            int partitions = loading.anchor(number.value(), cutover, broker);
            out.println("Generation %s: T_cutover %s pinned in %d partitions".formatted(number, cutover, partitions));
            out.flush();
            BackfillConsole console = new BackfillConsole(out);
            Manifest manifest = loading.load(number.value(), cutover, inputs.inputs(), console);
            console.clearLine();
            for (Manifest.Line line : manifest.inputs()) {
                out.println("%s: %,d rows, %,d applied, %,d stale, %,d duplicate, %,d rejected, %,d bytes"
                        .formatted(
                                line.name(),
                                line.counts().consumed(),
                                line.counts().applied(),
                                line.counts().stale(),
                                line.counts().duplicate(),
                                line.counts().dead(),
                                line.counts().bytes()));
            }
            out.println("Loaded in %.1f s. Next: txlookup consume --generation %s"
                    .formatted(manifest.elapsed().toMillis() / 1000.0, number));
            return manifest.rejected() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
