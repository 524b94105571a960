package txlookup.azure.destroy.plan;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.policy.AutoCreated;
import txlookup.azure.destroy.policy.DestroyPolicy;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.AzureSubscription;
import txlookup.azure.inventory.DeletedName;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Lock;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.naming.Names;

/** Makes a plan; reads and changes nothing. */
public final class Planner {
    private static final List<String> WAY_BACK = List.of(
            "the store is derived: its data comes back by backfill, then the increments (docs/policy.md, Data)",
            "images in the registry are lost: push them again before the consumers start",
            "role assignments and secrets of the vault are lost, even if the vault is recovered: the rebuild sets them again",
            "the rebuild takes a new T_cutover and a new generation; the old group's offsets are not used again");

    private final AzureSubscription subscription;
    private final RebuildProbe probe;

    /** A planner on that subscription. */
    public Planner(AzureSubscription subscription, RebuildProbe probe) {
        this.subscription = subscription;
        this.probe = probe;
    }

    /**
     * What a plan is made for.
     *
     * @param early why a ttl that is ahead is to be passed over; empty when it is not
     * @param retire whether the environment is not to be made again
     * @param rebuildFrom what it is made again from
     */
    public record Request(
            Target target,
            Optional<String> early,
            boolean retire,
            RebuildSource rebuildFrom,
            String endpoint,
            String subscriptionName) {
        /** Refuses a reason that says nothing. */
        public Request {
            if (early.filter(String::isBlank).isPresent()) {
                throw new IllegalArgumentException("--early needs a --reason that says something");
            }
        }
    }

    /** The plan as things are now. */
    public DestroyPlan plan(Request request, Instant now) throws IOException, InterruptedException {
        Inventory inventory = subscription.read();
        Target target = request.target();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        DestroyPolicy policy = new DestroyPolicy(target, request.early().isPresent());
        List<ResourceVerdict> verdicts = policy.decide(inventory, today);
        List<SoftDeleted> softDeleted = softDeleted(inventory, policy, today, target);
        return new DestroyPlan(
                DestroyPlan.FORMAT,
                now,
                request.endpoint(),
                request.subscriptionName(),
                target,
                request.early().orElse(null),
                request.retire(),
                verdicts,
                mayAppear(verdicts, target),
                softDeleted,
                locks(inventory, verdicts),
                names(inventory, verdicts, softDeleted),
                request.rebuildFrom(),
                probe.look(),
                WAY_BACK,
                new Names(target.naming()).consumerGroup(GenerationNumber.fromCutover(now)));
    }

    private static List<ArmId> mayAppear(List<ResourceVerdict> verdicts, Target target) {
        return verdicts.stream()
                .filter(verdict -> verdict.destroy() && verdict.resource().id().isGroup())
                .flatMap(verdict -> AutoCreated.expected(verdict.resource().id(), target.naming()).stream())
                .toList();
    }

    private static List<SoftDeleted> softDeleted(
            Inventory inventory, DestroyPolicy policy, LocalDate today, Target target) {
        String ours = AzureKind.KEY_VAULT.name(target.naming());
        List<SoftDeleted> all = new ArrayList<>();
        for (DeletedName deleted : inventory.deleted()) {
            if (deleted.id().name().equalsIgnoreCase(ours)) {
                List<Reason> reasons = policy.againstPurging(deleted.id(), deleted.tags(), today);
                all.add(new SoftDeleted(deleted, reasons.isEmpty() && !deleted.purgeProtected(), reasons));
            }
        }
        return all;
    }

    private static List<String> locks(Inventory inventory, List<ResourceVerdict> verdicts) {
        List<String> locks = new ArrayList<>();
        for (Lock lock : inventory.locks()) {
            boolean concerns = verdicts.stream()
                    .anyMatch(verdict -> verdict.resource().id().isWithin(lock.scope())
                            || lock.scope().isBelow(verdict.resource().id()));
            if (concerns) {
                locks.add("%s, level %s, notes \"%s\"; can be lifted by %s"
                        .formatted(lock.id(), lock.level(), lock.notes(), Lock.LIFTED_BY));
            }
        }
        return locks;
    }

    private static List<NameForecast> names(
            Inventory inventory, List<ResourceVerdict> verdicts, List<SoftDeleted> softDeleted) {
        List<NameForecast> names = new ArrayList<>();
        for (ResourceVerdict verdict : verdicts) {
            ArmId id = verdict.resource().id();
            if (!verdict.destroy()) {
                continue;
            }
            if (inventory.protectedVaults().contains(id)) {
                names.add(new NameForecast(
                        id.name(),
                        true,
                        "purge protection is on: taken for the vault's whole retention, up to 90 days"));
            } else if (AzureKind.EVENT_HUBS.isOf(id.type()) || AzureKind.POSTGRES.isOf(id.type())) {
                names.add(new NameForecast(
                        id.name(),
                        false,
                        "unique in Azure; it says of no time when it lets go, so the rebuild asks again"));
            } else if (AzureKind.LOG_ANALYTICS.isOf(id.type())) {
                names.add(new NameForecast(id.name(), false, "free at once: the workspace is deleted with force"));
            } else if (AzureKind.KEY_VAULT.isOf(id.type())) {
                names.add(new NameForecast(id.name(), false, "free once it is purged, which this plan does"));
            }
        }
        for (SoftDeleted held : softDeleted) {
            if (!held.purge()) {
                names.add(new NameForecast(
                        held.deleted().id().name(),
                        true,
                        "held by a deleted vault that is not purged%s; free at %s"
                                .formatted(
                                        held.deleted().purgeProtected() ? " (purge protection)" : "",
                                        held.deleted().purgeAt())));
            }
        }
        return names;
    }
}
