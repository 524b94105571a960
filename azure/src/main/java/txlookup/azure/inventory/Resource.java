package txlookup.azure.inventory;

import java.util.List;
import java.util.Map;
import txlookup.azure.arm.ArmId;

/**
 * A resource or a resource group as Azure describes it.
 *
 * @param location the region; empty where there is none
 * @param tags as they are spelt
 * @param managedBy who manages it; empty where nobody does
 * @param created when it was made, as Azure wrote it; empty where Azure does not say
 * @param manages the groups that it says it manages: Databricks workspaces, managed applications, container environments
 */
public record Resource(
        ArmId id, String location, Map<String, String> tags, String managedBy, String created, List<ArmId> manages) {
    public Resource {
        tags = Map.copyOf(tags);
        manages = List.copyOf(manages);
    }

    /** Whether anything that tells whose it is differs: tags, manager, region, time of making. */
    public boolean differsFrom(Resource other) {
        return !tags.equals(other.tags)
                || !managedBy.equals(other.managedBy)
                || !location.equalsIgnoreCase(other.location)
                || !created.equals(other.created);
    }

    /** What differs, for people. */
    public String difference(Resource other) {
        StringBuilder text = new StringBuilder();
        tell(text, "tags", tags, other.tags);
        tell(text, "managedBy", managedBy, other.managedBy);
        tell(text, "location", location, other.location);
        tell(text, "created", created, other.created);
        return text.toString();
    }

    private static void tell(StringBuilder text, String what, Object before, Object now) {
        if (!before.equals(now)) {
            text.append(text.isEmpty() ? "" : "; ").append("%s was %s, is %s".formatted(what, before, now));
        }
    }
}
