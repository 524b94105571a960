package txlookup.azure.destroy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.Planner;
import txlookup.azure.destroy.run.DestroyJournal;
import txlookup.azure.destroy.run.Destroyer;
import txlookup.azure.destroy.run.InMemorySubscription;
import txlookup.azure.destroy.run.Patience;
import txlookup.azure.destroy.run.Practice;
import txlookup.azure.destroy.run.SimulatedSleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;
import txlookup.profiles.naming.Naming;

/**
 * A caller who mixes up stage, owner, env and ttl, and an Azure that lost or added one of the things that tell a secured
 * environment: nothing of stage B and nothing foreign is ever asked to be deleted, and stage A can still be.
 */
class StageMixUpTest {
    private static final int INVENTORIES = Integer.getInteger("txlookup.inventories", 100_000);
    private static final String SUBSCRIPTION = PolicyStatement.SUBSCRIPTION;
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final Patience PATIENCE = new Patience(Duration.ofMinutes(5), Duration.ofSeconds(30), 1);
    private static final List<String> OWNERS = List.of("kim", "lee", "kim0");
    private static final List<String> ENVS = List.of("dev", "prod");

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong secured = new AtomicLong();

    /** One environment as it really is. */
    private record Environment(Naming naming, boolean disposable) {}

    @Test
    void nothingOfStageBAndNothingForeignIsEverAskedFor() {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        LongStream.range(0, INVENTORIES).parallel().forEach(seed -> {
            try {
                if (failures.isEmpty()) {
                    mixUp(seed);
                }
            } catch (InterruptedException | IOException | RuntimeException | AssertionError e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.peek().getMessage(), failures.peek());
        }
        System.out.printf(
                "%,d inventories, %,d deletions asked, %,d resources of stage B stayed%n",
                INVENTORIES, asked.get(), secured.get());
        assertThat(asked.get()).as("deletions of stage A").isGreaterThan(INVENTORIES / 10);
        assertThat(secured.get()).as("resources of stage B").isGreaterThan(INVENTORIES);
    }

    private void mixUp(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        Map<ArmId, Boolean> mayGo = new HashMap<>();
        List<Resource> resources = new ArrayList<>();
        Map<ArmId, String> stages = new HashMap<>();
        for (String owner : OWNERS) {
            for (String env : ENVS) {
                if (random.nextBoolean()) {
                    add(new Environment(naming(owner, env), random.nextBoolean()), random, resources, stages, mayGo);
                }
            }
        }
        Inventory world = new Inventory(SUBSCRIPTION, resources, List.of(), List.of(), List.of(), List.of(), stages);
        Target target = new Target(
                SUBSCRIPTION,
                random.nextInt(4) > 0 ? "cloud-test" : "cloud-secure",
                "team4",
                "txlookup",
                "tx",
                pick(random, OWNERS),
                pick(random, ENVS),
                "x");
        List<ArmId> deleted = new ArrayList<>();
        InMemorySubscription subscription = new InMemorySubscription(world, deleted::add);
        boolean early = random.nextInt(3) > 0;
        DestroyPlan plan = new Planner(subscription, List::of)
                .plan(
                        new Planner.Request(
                                target,
                                early ? Optional.of("a reason") : Optional.empty(),
                                random.nextBoolean(),
                                Practice.FROM_NOTHING,
                                "memory",
                                "memory"),
                        NOW);
        if (random.nextInt(3) == 0) {
            // Between plan and run the stage turns out to be another.
            subscription.driftAt(random.nextInt(6), now -> {
                Map<ArmId, String> known = new HashMap<>(now.stages());
                plan.destroyed()
                        .forEach(verdict ->
                                verdict.resource().id().group().ifPresent(group -> known.put(group, "cloud-secure")));
                return new Inventory(SUBSCRIPTION, now.resources(), List.of(), List.of(), List.of(), List.of(), known);
            });
        }
        new Destroyer(subscription, List::of, new SimulatedSleeper(NOW), PATIENCE, List::of, line -> {})
                .run(plan, "0".repeat(64), DestroyJournal.inMemory("0".repeat(64)));
        for (ArmId id : deleted) {
            assertThat(mayGo.get(id)).as("seed %d: %s was asked for", seed, id).isTrue();
            assertThat(id.toString())
                    .as("seed %d: only the environment that was named", seed)
                    .contains(target.owner() + "-" + target.env());
        }
        asked.addAndGet(deleted.size());
        secured.addAndGet(mayGo.values().stream().filter(may -> !may).count());
    }

    /** Of what tells stage B, the tags and the deployment, one may be lost or wrong; never both. */
    private static void add(
            Environment environment,
            Random random,
            List<Resource> resources,
            Map<ArmId, String> stages,
            Map<ArmId, Boolean> mayGo) {
        boolean secured = !environment.disposable();
        int lost = random.nextInt(3);
        Map<String, String> tags = new HashMap<>(Map.of(
                "owner",
                environment.naming().owner(),
                "env",
                environment.naming().env(),
                "project",
                "txlookup"));
        String truth = secured ? "cloud-secure" : "cloud-test";
        if (secured && lost == 1) {
            // A policy of the subscription appended it, or somebody took it for a typing error.
            tags.put("stage", "cloud-test");
        } else if (!(secured && lost == 2 && random.nextBoolean())) {
            tags.put("stage", truth);
        }
        if (!secured || random.nextBoolean()) {
            tags.put("ttl", random.nextBoolean() ? "2026-11-20" : "2026-12-24");
        }
        ArmId group = ArmId.of("/subscriptions/%s/resourceGroups/%s"
                .formatted(SUBSCRIPTION, AzureKind.RESOURCE_GROUP.name(environment.naming())));
        if (lost != 2 || random.nextBoolean() && !secured) {
            stages.put(group, truth);
        }
        put(group, tags, environment, resources, mayGo);
        for (AzureKind kind : AzureKind.values()) {
            if (kind != AzureKind.RESOURCE_GROUP && random.nextBoolean()) {
                ArmId id = ArmId.of(group + "/providers/" + kind.type() + "/" + kind.name(environment.naming()));
                put(id, tags, environment, resources, mayGo);
            }
        }
    }

    private static void put(
            ArmId id,
            Map<String, String> tags,
            Environment environment,
            List<Resource> resources,
            Map<ArmId, Boolean> mayGo) {
        resources.add(new Resource(id, "koreacentral", tags, "", "", List.of()));
        mayGo.put(id, environment.disposable());
    }

    private static Naming naming(String owner, String env) {
        return new Naming("team4", "txlookup", "tx", owner, env, "x", Optional.empty());
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
