package txlookup.azure.destroy.plan;

import java.util.List;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.inventory.DeletedName;

/**
 * A deleted resource of this environment's name, and whether its name is freed.
 *
 * @param reasons why it is not purged; empty when it is
 */
public record SoftDeleted(DeletedName deleted, boolean purge, List<Reason> reasons) {
    public SoftDeleted {
        reasons = List.copyOf(reasons);
    }
}
