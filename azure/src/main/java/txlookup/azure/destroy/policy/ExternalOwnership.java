package txlookup.azure.destroy.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.DenyAssignment;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Lock;
import txlookup.azure.inventory.Resource;

/**
 * The signals that somebody else has a hand on a resource: a manager, a deny assignment, a lock, Databricks. Azure
 * would refuse most of these deletions, but not all (docs/azure-facts.md, B), so nothing here relies on that.
 */
final class ExternalOwnership {
    private static final String DATABRICKS = "databricks";

    private final Inventory inventory;
    private final Map<ArmId, List<Resource>> groups = new HashMap<>();
    private final Map<ArmId, ArmId> managers = new HashMap<>();

    ExternalOwnership(Inventory inventory) {
        this.inventory = inventory;
        for (Resource resource : inventory.resources()) {
            if (resource.id().isGroup()) {
                groups.computeIfAbsent(resource.id(), id -> new ArrayList<>()).add(resource);
            }
            resource.manages().forEach(group -> managers.put(group, resource.id()));
        }
    }

    /** Its group, as often as it is listed. */
    List<Resource> groupOf(Resource resource) {
        return resource.id().group().map(groups::get).orElse(List.of());
    }

    List<Reason> judge(Resource resource) {
        List<Reason> reasons = new ArrayList<>();
        List<Resource> group = groupOf(resource);
        if (isDatabricks(resource) || group.stream().anyMatch(ExternalOwnership::isDatabricks)) {
            reasons.add(new Reason(ReasonCode.DATABRICKS, "it belongs to Databricks, which is never touched"));
        }
        if (!resource.managedBy().isBlank()) {
            reasons.add(new Reason(ReasonCode.MANAGED, "it is managed by " + resource.managedBy()));
        }
        resource.id().group().ifPresent(id -> judgeGroup(resource, id, group, reasons));
        for (DenyAssignment denial : inventory.denials()) {
            if (touches(denial.scope(), resource.id())) {
                reasons.add(new Reason(
                        ReasonCode.DENIED,
                        "the deny assignment %s holds at %s%s"
                                .formatted(
                                        denial.name(),
                                        denial.scope(),
                                        denial.systemProtected() ? ", set by the platform" : "")));
            }
        }
        for (Lock lock : inventory.locks()) {
            if (touches(lock.scope(), resource.id())) {
                reasons.add(new Reason(
                        ReasonCode.LOCKED,
                        "the lock " + lock.id().name() + " (" + lock.level() + ") holds at " + lock.scope()));
            }
        }
        return reasons;
    }

    /** A resource says it of itself, wherever it lies: its id, type, manager or tags. */
    static boolean isDatabricks(Resource resource) {
        return mentions(resource.id().toString())
                || mentions(resource.managedBy())
                || resource.tags().entrySet().stream()
                        .anyMatch(tag -> mentions(tag.getKey()) || mentions(tag.getValue()));
    }

    private void judgeGroup(Resource resource, ArmId id, List<Resource> group, List<Reason> reasons) {
        if (!resource.id().isGroup()) {
            group.stream()
                    .map(Resource::managedBy)
                    .filter(manager -> !manager.isBlank())
                    .findFirst()
                    .ifPresent(manager ->
                            reasons.add(new Reason(ReasonCode.GROUP_MANAGED, "its group is managed by " + manager)));
        }
        ArmId manager = managers.get(id);
        if (manager != null) {
            reasons.add(new Reason(ReasonCode.GROUP_MANAGED, manager + " says that it manages " + id));
        }
    }

    /** What holds above a resource holds for it; what holds below it would be overrun. */
    private static boolean touches(ArmId scope, ArmId id) {
        return id.isWithin(scope) || scope.isBelow(id);
    }

    private static boolean mentions(String text) {
        return text.toLowerCase(Locale.ROOT).contains(DATABRICKS);
    }
}
