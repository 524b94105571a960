package txlookup.azure.destroy.policy;

import java.util.List;
import txlookup.azure.inventory.Resource;

/**
 * What becomes of one resource, and every reason for it.
 *
 * @param reasons for keeping, all of them; or for destroying
 */
public record ResourceVerdict(Resource resource, boolean destroy, List<Reason> reasons) {
    public ResourceVerdict {
        reasons = List.copyOf(reasons);
    }
}
