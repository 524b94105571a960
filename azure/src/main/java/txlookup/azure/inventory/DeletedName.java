package txlookup.azure.inventory;

import java.util.Map;
import txlookup.azure.arm.ArmId;

/**
 * A resource that was deleted and still holds its name.
 *
 * @param id what it was
 * @param record its own id as a deleted one; what is purged
 * @param purgeAt when Azure lets go of the name by itself; empty where it does not say
 * @param purgeProtected whether nobody can purge it before that
 */
public record DeletedName(
        ArmId id,
        ArmId record,
        String location,
        Map<String, String> tags,
        String deletedAt,
        String purgeAt,
        boolean purgeProtected) {
    public DeletedName {
        tags = Map.copyOf(tags);
    }
}
