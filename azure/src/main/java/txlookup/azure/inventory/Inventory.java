package txlookup.azure.inventory;

import java.util.List;
import java.util.Map;
import txlookup.azure.arm.ArmId;

/**
 * A subscription at one moment.
 *
 * @param subscription its id
 * @param resources groups and resources
 * @param deleted what was deleted and holds its name
 * @param protectedVaults vaults that cannot be purged once deleted
 * @param stages the stage by group, where the deployment that made the group tells it
 */
public record Inventory(
        String subscription,
        List<Resource> resources,
        List<Lock> locks,
        List<DenyAssignment> denials,
        List<DeletedName> deleted,
        List<ArmId> protectedVaults,
        Map<ArmId, String> stages) {
    public Inventory {
        resources = List.copyOf(resources);
        locks = List.copyOf(locks);
        denials = List.copyOf(denials);
        deleted = List.copyOf(deleted);
        protectedVaults = List.copyOf(protectedVaults);
        stages = Map.copyOf(stages);
    }

    /** The same with other resources. */
    public Inventory with(List<Resource> others) {
        return new Inventory(subscription, others, locks, denials, deleted, protectedVaults, stages);
    }
}
