package txlookup.azure.destroy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.Planner;
import txlookup.azure.destroy.run.DestroyJournal;
import txlookup.azure.destroy.run.DestroyReport;
import txlookup.azure.destroy.run.Destroyer;
import txlookup.azure.destroy.run.InMemorySubscription;
import txlookup.azure.destroy.run.Patience;
import txlookup.azure.destroy.run.Practice;
import txlookup.azure.destroy.run.SimulatedSleeper;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;

/** Over random inventories, with drift between plan and run: nothing but what the policy lets go is ever asked for. */
class DestroyPolicyPropertyTest {
    private static final int INVENTORIES = Integer.getInteger("txlookup.inventories", 100_000);
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final String TODAY = "2026-11-21";
    private static final Patience PATIENCE = new Patience(Duration.ofMinutes(5), Duration.ofSeconds(30), 1);

    private final Map<ReasonCode, Integer> seen = new ConcurrentHashMap<>();
    private final Map<DestroyReport.Outcome, Integer> outcomes = new ConcurrentHashMap<>();
    private final AtomicInteger destroyed = new AtomicInteger();
    private final AtomicInteger groupsDestroyed = new AtomicInteger();
    private final AtomicInteger drifted = new AtomicInteger();

    @Test
    void nothingThatFailsThePolicyIsEverAskedForAndAllThatPassesGoes() {
        // A parallel stream loses the message, and with it the seed, of what another thread threw.
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        LongStream.range(0, INVENTORIES).parallel().forEach(seed -> {
            try {
                if (failures.isEmpty()) {
                    judge(seed);
                }
            } catch (InterruptedException | IOException | RuntimeException | AssertionError e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.peek().getMessage(), failures.peek());
        }
        System.out.printf(
                "%,d inventories, %,d deletions asked (%,d groups), %,d with drift, outcomes %s, reasons %s%n",
                INVENTORIES, destroyed.get(), groupsDestroyed.get(), drifted.get(), outcomes, seen);
        assertThat(seen.keySet())
                .as("every reason occurs")
                .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(ReasonCode.class));
        assertThat(destroyed.get()).as("deletions").isGreaterThan(INVENTORIES);
        assertThat(groupsDestroyed.get()).as("groups deleted").isGreaterThan(INVENTORIES / 20);
        assertThat(outcomes.get(DestroyReport.Outcome.DRIFT))
                .as("runs stopped by drift")
                .isGreaterThan(INVENTORIES / 20);
    }

    private void judge(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        RandomInventory inventories = new RandomInventory(random);
        Inventory world = inventories.make();
        boolean early = random.nextInt(5) == 0;
        boolean disposable = random.nextInt(30) > 0;
        Target target = new Target(
                PolicyStatement.SUBSCRIPTION,
                disposable ? "cloud-test" : "cloud-secure",
                "team4",
                "txlookup",
                "tx",
                "owner1",
                "test",
                "t");
        List<ArmId> asked = new ArrayList<>();
        InMemorySubscription[] subscription = new InMemorySubscription[1];
        Map<ArmId, Resource> planned = new HashMap<>();
        subscription[0] = new InMemorySubscription(world, id -> {
            asked.add(id);
            PolicyStatement policy = new PolicyStatement(subscription[0].world(), TODAY, early, disposable);
            assertThat(policy.letsGo(id.toString()))
                    .as("seed %d: %s is asked for; the policy at that moment lets it go", seed, id)
                    .isTrue();
            assertThat(planned)
                    .as("seed %d: the plan names what is asked for", seed)
                    .containsKey(id);
            assertThat(planned.get(id).difference(subscription[0].find(id).orElseThrow()))
                    .as("seed %d: what is different of %s since the plan", seed, id)
                    .isEmpty();
        });
        SimulatedSleeper waiting = new SimulatedSleeper(NOW);
        DestroyPlan plan = new Planner(subscription[0], List::of)
                .plan(
                        new Planner.Request(
                                target,
                                early ? Optional.of("reason") : Optional.empty(),
                                false,
                                Practice.FROM_NOTHING,
                                "memory",
                                "memory"),
                        NOW);
        checkVerdicts(seed, world, plan.verdicts(), early, disposable);
        plan.destroyed().forEach(verdict -> planned.put(verdict.resource().id(), verdict.resource()));
        boolean drift = random.nextInt(2) == 0;
        if (drift) {
            subscription[0].driftAt(random.nextInt(plan.destroyed().size() * 2 + 1), inventories::drift);
        }
        PolicyStatement before = new PolicyStatement(world, TODAY, early, disposable);
        DestroyReport report = new Destroyer(subscription[0], List::of, waiting, PATIENCE, List::of, line -> {})
                .run(plan, "0".repeat(64), DestroyJournal.inMemory("0".repeat(64)));
        destroyed.addAndGet(asked.size());
        groupsDestroyed.addAndGet((int) asked.stream().filter(ArmId::isGroup).count());
        outcomes.merge(report.outcome(), 1, Integer::sum);
        drifted.addAndGet(drift ? 1 : 0);
        if (!drift) {
            assertThat(report.outcome())
                    .as("seed %d without drift: %s", seed, report.why())
                    .isEqualTo(DestroyReport.Outcome.DONE);
            Set<ArmId> wanted = world.resources().stream()
                    .map(Resource::id)
                    .filter(id -> before.letsGo(id.toString()))
                    .collect(Collectors.toSet());
            assertThat(asked)
                    .as("seed %d: all that the policy lets go", seed)
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
        if (report.outcome() == DestroyReport.Outcome.DONE) {
            assertThat(report.left()).as("seed %d", seed).isEmpty();
        }
    }

    private void checkVerdicts(
            long seed, Inventory world, List<ResourceVerdict> verdicts, boolean early, boolean disposable) {
        PolicyStatement policy = new PolicyStatement(world, TODAY, early, disposable);
        for (ResourceVerdict verdict : verdicts) {
            ArmId id = verdict.resource().id();
            assertThat(verdict.destroy())
                    .as(
                            "seed %d: %s %s, reasons %s",
                            seed, id, verdict.resource().tags(), verdict.reasons())
                    .isEqualTo(policy.letsGo(id.toString()));
            Set<ReasonCode> codes = verdict.reasons().stream()
                    .map(Reason::code)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(ReasonCode.class)));
            codes.forEach(code -> seen.merge(code, 1, Integer::sum));
            assertThat(verdict.reasons())
                    .as("seed %d: %s", seed, id)
                    .isNotEmpty()
                    .allMatch(reason -> !reason.text().isBlank());
            if (!verdict.destroy()) {
                assertThat(codes)
                        .as(
                                "seed %d: reasons to keep %s %s",
                                seed, id, verdict.resource().tags())
                        .isEqualTo(policy.clausesAgainst(verdict.resource()));
            }
        }
    }
}
