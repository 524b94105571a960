package txlookup.azure.destroy.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.Planner;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.plan.RebuildSource;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.events.EventProfiles;

/** The real client and the real commands' code, over HTTP against a fake Azure, on a clock that costs no time. */
public final class Practice implements AutoCloseable {
    static final Target TARGET =
            new Target(FakeAzure.SUBSCRIPTION, "cloud-test", "team4", "txlookup", "tx", "kim", "dev", "d");
    public static final RebuildSource FROM_NOTHING = new RebuildSource(
            null,
            null,
            Optional.empty(),
            EventProfiles.load("canonical-v1"),
            Duration.ofHours(1),
            1_000,
            0.01,
            Duration.ofHours(72),
            Duration.ofHours(2));
    static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    static final Set<AzureKind> SMALL =
            EnumSet.of(AzureKind.POSTGRES, AzureKind.APPLICATION_INSIGHTS, AzureKind.KEY_VAULT);
    static final FakeAzure.Slowness SLOW = new FakeAzure.Slowness(1, 1, 1, 0, 3);

    final FakeAzure azure;
    final Path folder;
    final List<ArmCall> calls = new ArrayList<>();
    final SimulatedSleeper waiting = new SimulatedSleeper(Instant.parse("2026-11-21T09:00:00Z"));
    Supplier<List<RebuildProbe.Finding>> findings = List::of;
    Destroyer.LastLook lastLook = Optional::empty;
    Duration requestLimit = Duration.ofSeconds(5);
    Runnable beforeEachRequest = () -> {};
    Consumer<ArmCall> afterEachAnswer = call -> {};

    Practice(Path folder, FakeAzure.Slowness slowness) throws IOException {
        this.folder = folder;
        this.azure = FakeAzure.start(0, slowness);
    }

    static Practice small(Path folder) throws IOException {
        return small(folder, SMALL);
    }

    static Practice small(Path folder, Set<AzureKind> kinds) throws IOException {
        Practice practice = new Practice(folder, SLOW);
        practice.azure.arrange(world -> world.appearLater(SLOW.appearAfter())
                .environment(TARGET.naming(), "2026-11-20", kinds)
                .neighbours(TARGET.naming()));
        return practice;
    }

    ArmSubscription subscription() {
        ArmClient client = new ArmClient(
                azure.endpoint(),
                () -> {
                    beforeEachRequest.run();
                    return Optional.empty();
                },
                waiting,
                new ArmClient.Limits(requestLimit, Duration.ofMinutes(10)),
                call -> {
                    calls.add(call);
                    afterEachAnswer.accept(call);
                });
        return new ArmSubscription(client, TARGET.subscription(), waiting);
    }

    PlanFile plan(String name) throws IOException, InterruptedException {
        return plan(name, Optional.empty(), false);
    }

    PlanFile plan(String name, Optional<String> early, boolean retire) throws IOException, InterruptedException {
        DestroyPlan plan = new Planner(subscription(), findings::get)
                .plan(
                        new Planner.Request(
                                TARGET,
                                early,
                                retire,
                                FROM_NOTHING,
                                azure.endpoint().toString(),
                                "Practice"),
                        waiting.now());
        return PlanFile.write(plan, folder.resolve(name));
    }

    DestroyReport destroy(PlanFile file) throws IOException, InterruptedException {
        calls.clear();
        PlanFile confirmed = PlanFile.read(file.path(), file.confirmation());
        try (DestroyJournal journal = DestroyJournal.open(confirmed)) {
            return new Destroyer(
                            subscription(),
                            findings::get,
                            waiting,
                            new Patience(Duration.ofMinutes(30), Duration.ofSeconds(5), 3),
                            () -> calls,
                            line -> {},
                            lastLook)
                    .run(confirmed.plan(), confirmed.sha256(), journal);
        }
    }

    List<String> ours() {
        return azure.ids().stream()
                .filter(id -> id.toLowerCase(Locale.ROOT).startsWith(GROUP.toLowerCase(Locale.ROOT)))
                .toList();
    }

    List<String> foreign() {
        return azure.ids().stream().filter(id -> !ours().contains(id)).toList();
    }

    @Override
    public void close() {
        azure.close();
    }
}
