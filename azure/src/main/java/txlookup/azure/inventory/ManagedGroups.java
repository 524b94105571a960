package txlookup.azure.inventory;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmId;

/** The groups that a resource says it manages; some say an id, some only a name. */
final class ManagedGroups {
    private static final List<String> PROPERTIES =
            List.of("managedResourceGroupId", "infrastructureResourceGroup", "nodeResourceGroup");

    private ManagedGroups() {}

    static List<ArmId> named(JsonNode properties, ArmId subscription) {
        List<ArmId> groups = new ArrayList<>();
        for (String property : PROPERTIES) {
            String group = properties.path(property).asString("");
            if (!group.isBlank()) {
                groups.add(group.startsWith("/") ? ArmId.of(group) : subscription.child("resourceGroups/" + group));
            }
        }
        return groups;
    }
}
