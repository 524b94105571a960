package txlookup.cli.env;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.hub.EventHubsPartitions;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.recreate.AzurePlatform;
import txlookup.azure.recreate.Groundwork;
import txlookup.azure.recreate.WithinJob;
import txlookup.azure.template.Inputs;
import txlookup.backfill.BackfillInputs;
import txlookup.cli.options.ProfileOptions;
import txlookup.cli.rebuild.CandidateComparison;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.cli.view.FollowedRun;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.rebuild.Rebuild;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.platform.HeldByAnotherException;
import txlookup.rebuild.platform.HeldLock;
import txlookup.rebuild.steps.SwitchWhen;

/** The seven steps on Azure, for the commands that make an environment: shown, confirmed, run, with evidence. */
final class EnvCreator {
    private static final Path FOLDER = Path.of(".txlookup");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final ProfileOptions options;
    private final EnvInputs given;
    private final PrintWriter out;

    EnvCreator(ProfileOptions options, EnvInputs given, PrintWriter out) {
        this.options = options;
        this.given = given;
        this.out = out;
    }

    int run(ResolvedProfile resolved) throws IOException, InterruptedException {
        Profile profile = resolved.profile();
        Target target = Target.of(given.subscription(), profile);
        profile.requireReadyToServe();
        if (given.hasItMadeFromWithin(profile)) {
            return new EnvWithin(options, given, out).run(resolved, inputs -> {
                show(profile, target, inputs, given.client(call -> {}));
                confirm(profile);
            });
        }
        Inputs inputs = given.inputs(resolved, options.shipped(resolved));
        SecretSource secrets = options.secrets(profile);
        List<ArmCall> calls = Collections.synchronizedList(new ArrayList<>());
        Sleeper waiting = Sleeper.real();
        ArmClient client = given.client(calls::add);
        if (!given.isWithin()) {
            requireNothingWithin(target, client, waiting);
        }
        try (BackfillInputs extract = BackfillInputs.of(profile, secrets);
                AzurePlatform platform = new AzurePlatform(
                        target,
                        profile,
                        inputs,
                        secrets,
                        extract::inputs,
                        client,
                        waiting,
                        AzurePlatform.Patience.usual(),
                        given.judging(profile, System.getenv(), out),
                        EventHubsPartitions::new)) {
            extract.asOf(profile, Optional.empty());
            show(profile, target, inputs, client);
            confirm(profile);
            HeldLock alone = HeldLock.take(journals(profile).resolve("lock"));
            try {
                return rebuild(profile, platform, calls);
            } finally {
                alone.close();
            }
        }
    }

    /**
     * Two that make one environment at once would each undo what the other did. Azure's list shows a new execution late, so
     * what began last is asked for by its name, where runs of this environment were kept.
     */
    private void requireNothingWithin(Target target, ArmClient client, Sleeper waiting)
            throws IOException, InterruptedException {
        WithinJob job = new WithinJob(client, target, waiting);
        Optional<URI> account = Groundwork.blobs(client, target, waiting);
        Optional<WithinJob.Run> running = account.isEmpty()
                ? job.running()
                : new FollowedRun(
                                client,
                                target,
                                KeptBlobs.evidence(account.get()),
                                journals(target.owner(), target.env()).resolve("evidence"),
                                out)
                        .running();
        if (running.isPresent()) {
            throw new HeldByAnotherException(
                    "%s works within this environment; follow it with txlookup env follow, or let it end"
                            .formatted(running.get().execution()));
        }
    }

    private void show(Profile profile, Target target, Inputs inputs, ArmClient client)
            throws IOException, InterruptedException {
        String subscriptionName = new ArmSubscription(client, target.subscription(), Sleeper.real()).displayName();
        out.println("Subscription %s (%s)".formatted(subscriptionName, target.subscription()));
        out.println("Environment  %s/%s, stage %s, group %s, region %s"
                .formatted(
                        target.owner(),
                        target.env(),
                        target.stage(),
                        AzureKind.RESOURCE_GROUP.name(target.naming()),
                        profile.region().orElseThrow()));
        out.println("Image        " + inputs.image());
        out.println("Profile      sha256 " + ResolvedProfile.digest(inputs.profile()));
        out.flush();
    }

    private void confirm(Profile profile) throws IOException {
        if (given.yes()) {
            return;
        }
        String wanted = profile.naming().owner() + "/" + profile.naming().env();
        if (!Boolean.getBoolean("txlookup.terminal")) {
            throw new IllegalArgumentException("no terminal to ask on; give --yes to make " + wanted);
        }
        out.print("Type %s to make it: ".formatted(wanted));
        out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (!wanted.equals(answer)) {
            throw new IllegalArgumentException("\"%s\" is not %s; nothing was made".formatted(answer, wanted));
        }
    }

    static Path journals(Profile profile) {
        return journals(profile.naming().owner(), profile.naming().env());
    }

    static Path journals(String owner, String env) {
        return FOLDER.resolve("azure").resolve(owner + "-" + env);
    }

    private int rebuild(Profile profile, AzurePlatform platform, List<ArmCall> calls)
            throws IOException, InterruptedException {
        Path evidenceFolder = FOLDER.resolve("evidence");
        RebuildConsole console = new RebuildConsole(out);
        Path journal = journals(profile).resolve("rebuild.json");
        Evidence evidence = new Rebuild(
                        profile,
                        platform,
                        journal,
                        evidenceFolder,
                        given.keeping(journal, evidenceFolder, console),
                        Clock.systemUTC(),
                        SwitchWhen.WHEN_GO,
                        new CandidateComparison(profile, options.secrets(profile), out))
                .run();
        Path folder = evidence.folder(evidenceFolder);
        Files.write(folder.resolve("arm-calls.json"), JSON.writeValueAsBytes(List.copyOf(calls)));
        console.verdict(evidence, folder.toString());
        out.println(
                "%d requests to the resource manager in %s".formatted(calls.size(), folder.resolve("arm-calls.json")));
        return RebuildConsole.code(evidence);
    }
}
