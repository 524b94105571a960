package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.blob.BlobFolder;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.kept.ExtractUpload;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.recreate.AzurePlatform;
import txlookup.azure.recreate.Groundwork;
import txlookup.azure.template.Inputs;
import txlookup.backfill.BackfillInputs;
import txlookup.backfill.source.ExtractFiles;
import txlookup.cli.options.ProfileOptions;
import txlookup.cli.view.FollowedRun;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSource;
import txlookup.rebuild.platform.HeldLock;

/** Has a job within the environment make and judge it: what is done here needs the resource manager and blobs alone. */
final class EnvWithin {
    private final ProfileOptions options;
    private final EnvInputs given;
    private final PrintWriter out;

    /** What is shown and asked before anything is made. */
    interface Consent {
        void ask(Inputs inputs) throws IOException, InterruptedException;
    }

    EnvWithin(ProfileOptions options, EnvInputs given, PrintWriter out) {
        this.options = options;
        this.given = given;
        this.out = out;
    }

    int run(ResolvedProfile told, Consent consent) throws IOException, InterruptedException {
        Profile profile = told.profile();
        SecretSource secrets = options.secrets(profile);
        Inputs first = given.inputs(told, told.text());
        Groundwork before = groundwork(told, first, secrets);
        requireExtract(profile, secrets);
        consent.ask(first);
        // What is there is asked first, so that who comes second joins at once.
        Target target = Target.of(given.subscription(), profile);
        Optional<URI> there = Groundwork.blobs(given.client(call -> {}), target, Sleeper.real());
        if (there.isPresent() && !given.operatorAddress().isEmpty()) {
            Groundwork.letIn(given.client(call -> {}), target, given.operatorAddress());
        }
        URI account = there.isPresent() ? there.get() : before.keep();
        tell("evidence, audit and extracts are kept at " + account);
        return run(profile, secrets, account);
    }

    private int run(Profile profile, SecretSource secrets, URI account) throws IOException, InterruptedException {
        BlobFolder evidence = KeptBlobs.evidence(account);
        evidence.awaitAccess();
        options.override(kept(profile, account));
        ResolvedProfile resolved = options.resolve();
        Inputs inputs = given.inputs(resolved, resolved.text());
        List<String> command =
                carryOut(account, given.commandWithin(account), objectives(given.objectives(profile), evidence));
        ArmClient client = given.client(call -> {});
        FollowedRun run = new FollowedRun(
                client,
                Target.of(given.subscription(), profile),
                evidence,
                EnvCreator.journals(profile).resolve("evidence"),
                out);
        Optional<String> running = run.joined(inputs.digest(), ResolvedProfile.digest(inputs.profile()), command);
        if (running.isPresent()) {
            return run.follow(running.get());
        }
        String execution;
        HeldLock alone = HeldLock.take(EnvCreator.journals(profile).resolve("lock"));
        try {
            groundwork(resolved, inputs, secrets).make(command, this::tell);
            execution = run.start(command);
        } finally {
            alone.close();
        }
        return run.follow(execution);
    }

    private Groundwork groundwork(ResolvedProfile resolved, Inputs inputs, SecretSource secrets) {
        return new Groundwork(
                Target.of(given.subscription(), resolved.profile()),
                resolved.profile(),
                inputs,
                secrets,
                given.client(call -> {}),
                Sleeper.real(),
                AzurePlatform.Patience.usual());
    }

    /** A database is opened by the job alone; files are looked at here, where they may have to be copied from. */
    private static void requireExtract(Profile profile, SecretSource secrets) {
        if (profile.backfill().source() instanceof BackfillSource.Ndjson files) {
            files.ledgerEntries().ifPresent(EnvWithin::requireReadAgain);
            files.paymentOrders().ifPresent(EnvWithin::requireReadAgain);
            try (BackfillInputs extract = BackfillInputs.of(profile, secrets)) {
                extract.asOf(profile, Optional.empty());
            }
        }
    }

    private static void requireReadAgain(String where) {
        if (where.equals("-")) {
            throw new IllegalArgumentException(
                    "a job within the environment does not read standard input; name a file, which is copied there, or its https address");
        }
    }

    /** What the containers' profile says otherwise than this machine's. */
    private Map<String, String> kept(Profile profile, URI account) throws IOException, InterruptedException {
        Map<String, String> changed = new LinkedHashMap<>();
        if (profile.audit().exportTo().isEmpty()) {
            changed.put("audit.exportTo", KeptBlobs.audit(account));
        }
        if (profile.backfill().source() instanceof BackfillSource.Ndjson files) {
            BlobFolder extracts = KeptBlobs.extracts(account);
            extracts.awaitAccess();
            ExtractUpload upload = new ExtractUpload(extracts, this::tell);
            changed.putAll(elsewhere("backfill.ndjson.ledgerEntries", files.ledgerEntries(), upload));
            changed.putAll(elsewhere("backfill.ndjson.paymentOrders", files.paymentOrders(), upload));
        }
        return changed;
    }

    private static Map<String, String> elsewhere(String property, Optional<String> where, ExtractUpload upload)
            throws IOException {
        return where.isEmpty() || ExtractFiles.isElsewhere(where.get())
                ? Map.of()
                : Map.of(property, upload.run(where.get()));
    }

    /** The objectives of this machine are copied, so that what is judged by is what was seen here. */
    static List<String> objectives(Optional<Path> file, BlobFolder evidence) throws IOException {
        if (file.isEmpty()) {
            return List.of();
        }
        String text = Files.readString(file.get());
        String name = "given/%s.yaml".formatted(ResolvedProfile.digest(text).substring(0, 16));
        evidence.upload(name, file.get());
        return List.of(name);
    }

    /** @param fetched names of blobs that the command reads as files, the objectives */
    static List<String> carryOut(URI account, List<String> command, List<String> fetched) {
        List<String> whole = new ArrayList<>(List.of("env", "carry-out", "--kept", account.toString()));
        fetched.forEach(name -> whole.addAll(List.of("--fetch", name)));
        whole.add("--");
        whole.addAll(command);
        fetched.forEach(name ->
                whole.addAll(List.of("--slo", Path.of(name).getFileName().toString())));
        return whole;
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
    }
}
