package txlookup.cli.backfill;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.store.load.LoadPause;
import txlookup.backfill.BackfillInputs;
import txlookup.backfill.BackfillPlan;
import txlookup.backfill.Manifest;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.cli.view.BackfillConsole;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.steps.Loading;

@Command(
        name = "backfill",
        description = {
            "Pins the cutover of a generation and loads the profile's backfill source into the store.",
            "Files need the instant at which they were read: --as-of, or extract.json beside them. The stream starts there,",
            "less cutover.overlap. Resume a killed run by giving its generation again. Exit code 1 when rows were rejected."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup backfill --as-of 2026-11-21T01:07:33Z \\",
            "                    --set backfill.ndjson.ledgerEntries=entries.ndjson.gz \\",
            "                    --set backfill.ndjson.paymentOrders=orders.ndjson.gz",
            "  txlookup backfill --generation 20261121010733",
            "  txlookup backfill --dry-run --set backfill.ndjson.ledgerEntries=extracts/"
        })
public final class BackfillCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--generation",
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description = "T_cutover as yyyyMMddHHmmss, UTC. Default: now, a new generation.")
    private GenerationNumber generation;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT",
            description = {
                "When the files were read, ISO 8601 UTC: the instant before their reading began (backfill.asOf).",
                "Default: what extract.json beside them says."
            })
    private Instant asOf;

    @Option(
            names = "--dry-run",
            description = "Reads a sample of each input and says what would be loaded and how long it takes.")
    private boolean dryRun;

    @Option(
            names = "--pause",
            description = "Pauses the load of the generation after its next chunk, also after a restart.")
    private boolean pause;

    @Option(names = "--resume", description = "Resume a paused load.")
    private boolean resume;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description =
                    "Where to write the manifest of the load, as JSON. Default: evidence/<generation>/manifest.json in the data folder.")
    private Path manifestFile;

    @Override
    public Integer call() throws Exception {
        if (asOf != null) {
            main.profile().override(Map.of("backfill.asOf", asOf.toString()));
        }
        Profile profile = main.profile().load();
        SecretSource secrets = main.profile().secrets(profile);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (pause || resume) {
            return setPause(profile, secrets);
        }
        GenerationNumber number = generation == null ? GenerationNumber.fromCutover(now) : generation;
        Instant cutover = number.cutover().orElse(now);
        PrintWriter out = spec.commandLine().getOut();
        try (HikariDataSource store = StoreAccess.generation(DatabaseRole.OWNER, profile, secrets, number.value());
                BackfillInputs inputs = BackfillInputs.of(profile, secrets)) {
            Loading loading = new Loading(profile, store, Clock.systemUTC());
            Optional<Instant> readAt = inputs.asOf(profile, loading.asOf(number.value()));
            if (dryRun) {
                BackfillPlan plan = loading.estimate(number.value(), cutover, inputs.inputs());
                Instant begins = loading.streamBegins(cutover, readAt);
                print(plan, out);
                readAt.ifPresent(instant ->
                        out.println("Read at %s, so the stream would start at %s".formatted(instant, begins)));
                loading.requireRetention(begins, plan);
                return ExitCode.DONE;
            }
            loading.requireNoOtherBeside(number.value());
            loading.plan(number.value(), cutover);
            Map<String, Object> broker = BrokerLogin.added(profile.messaging().adminProperties(), profile, secrets);
            int partitions = loading.anchor(number.value(), cutover, readAt, broker);
            out.println("Generation %s: T_cutover %s pinned in %d partitions%s"
                    .formatted(
                            number,
                            cutover,
                            partitions,
                            readAt.map(instant -> ", for an extract read at " + instant)
                                    .orElse("")));
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
            Path file =
                    manifestFile == null ? profile.local().evidence().resolve(number + "/manifest.json") : manifestFile;
            manifest.write(file);
            out.println("Manifest: " + file);
            out.println("Loaded in %.1f s. Next: txlookup consume --generation %s"
                    .formatted(manifest.elapsed().toMillis() / 1000.0, number));
            return manifest.rejected() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private int setPause(Profile profile, SecretSource secrets) throws SQLException {
        if (generation == null || (pause && resume)) {
            throw new IllegalArgumentException("--pause or --resume: give one of them, and --generation");
        }
        try (ChosenGeneration chosen =
                ChosenGeneration.open(DatabaseRole.OWNER, profile, secrets, Optional.of(generation))) {
            LoadPause load = new LoadPause(chosen.store());
            PrintWriter out = spec.commandLine().getOut();
            if (pause) {
                load.pause(System.getProperty("user.name"));
                out.println("The backfill of generation %s waits until --resume".formatted(generation));
            } else {
                out.println(
                        load.resume()
                                ? "The backfill of generation %s resumes".formatted(generation)
                                : "The backfill of generation %s was not paused".formatted(generation));
            }
            return ExitCode.DONE;
        }
    }

    private static void print(BackfillPlan plan, PrintWriter out) {
        for (BackfillPlan.Line line : plan.inputs()) {
            if (line.rows().isEmpty()) {
                out.println("%s: %s, its size is not known".formatted(line.name(), line.entity()));
            } else {
                out.println("%s: %s, about %,d rows in %,d chunks; %,d of the first %,d would be rejected"
                        .formatted(
                                line.name(),
                                line.entity(),
                                line.rows().getAsLong(),
                                line.chunks().getAsLong(),
                                line.refused(),
                                line.sampled()));
            }
        }
        out.println("Expected: about %.1f s. Nothing was changed."
                .formatted(plan.expected().toMillis() / 1000.0));
    }
}
