package txlookup.azure.destroy.run;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.policy.DestroyPolicy;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.inventory.AzureSubscription;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;

/**
 * Compares what there is with the plan, all of it, immediately before each request: one resource that is not as the
 * plan says stops the whole execution.
 */
final class PlanContext {
    private static final int READINGS_THAT_PROVE_ABSENCE = 2;

    private final AzureSubscription subscription;
    private final DestroyJournal journal;
    private final Sleeper waiting;
    private final DestroyPolicy policy;
    private final Map<ArmId, ResourceVerdict> planned = new HashMap<>();
    private final Set<ArmId> mayAppear;

    PlanContext(DestroyPlan plan, AzureSubscription subscription, DestroyJournal journal, Sleeper waiting) {
        this.subscription = subscription;
        this.journal = journal;
        this.waiting = waiting;
        this.policy = new DestroyPolicy(plan.target(), plan.early() != null);
        this.mayAppear = new HashSet<>(plan.mayAppear());
        plan.verdicts().forEach(verdict -> planned.put(verdict.resource().id(), verdict));
    }

    /** What stands with one resource now. */
    enum State {
        /** It is as the plan says and may be asked for. */
        QUALIFIES,
        /** Two readings in a row did not find it. */
        GONE,
        /** The list does not show it yet or any more; look again. */
        UNSETTLED
    }

    /** Looks at that resource and at everything around it. */
    State look(ArmId id) throws IOException, InterruptedException, DriftException {
        Inventory inventory = subscription.read();
        List<Resource> now = new ArrayList<>();
        boolean listed = false;
        for (Resource resource : inventory.resources()) {
            if (resource.id().equals(id)) {
                listed = true;
            }
            if (!journal.isDone(resource.id())) {
                now.add(resource);
            } else if (subscription.find(resource.id()).isPresent()) {
                throw new DriftException("%s was destroyed by this plan and is there again; it is someone's new one"
                        .formatted(resource.id()));
            }
        }
        Optional<Resource> found = subscription.find(id);
        if (found.isEmpty()) {
            return isGone(id) ? State.GONE : State.UNSETTLED;
        }
        if (!listed) {
            return State.UNSETTLED;
        }
        now.replaceAll(resource -> resource.id().equals(id) ? merged(resource, found.get()) : resource);
        compare(inventory.with(now));
        return State.QUALIFIES;
    }

    /** Whether a second reading does not find it either: one 404 alone may be a replica that lags. */
    boolean isGone(ArmId id) throws IOException, InterruptedException {
        for (int reading = 0; reading < READINGS_THAT_PROVE_ABSENCE; reading++) {
            if (subscription.find(id).isPresent()) {
                return false;
            }
        }
        return true;
    }

    LocalDate today() {
        return LocalDate.ofInstant(waiting.now(), ZoneOffset.UTC);
    }

    DestroyPolicy policy() {
        return policy;
    }

    private void compare(Inventory inventory) throws DriftException {
        for (ResourceVerdict now : policy.decide(inventory, today())) {
            ArmId id = now.resource().id();
            ResourceVerdict then = planned.get(id);
            if (then != null && then.destroy()) {
                if (!now.destroy()) {
                    throw new DriftException("%s no longer qualifies: %s".formatted(id, texts(now)));
                }
                if (then.resource().differsFrom(now.resource())) {
                    throw new DriftException("%s is not as it was planned: %s"
                            .formatted(id, then.resource().difference(now.resource())));
                }
            } else if (appearedInOurGroup(id, then, now)) {
                throw new DriftException("%s appeared in a group that the plan destroys".formatted(id));
            }
        }
    }

    /** What is kept in a group that goes has its group kept as well, and is told as the group's drift. */
    private boolean appearedInOurGroup(ArmId id, ResourceVerdict then, ResourceVerdict now) {
        return then == null
                && now.destroy()
                && !mayAppear.contains(id)
                && id.group().map(planned::get).filter(ResourceVerdict::destroy).isPresent();
    }

    private static Resource merged(Resource listed, Resource found) {
        return new Resource(
                found.id(),
                found.location(),
                found.tags(),
                found.managedBy(),
                found.created().isEmpty() ? listed.created() : found.created(),
                listed.manages());
    }

    private static String texts(ResourceVerdict verdict) {
        return String.join("; ", verdict.reasons().stream().map(Reason::text).toList());
    }
}
