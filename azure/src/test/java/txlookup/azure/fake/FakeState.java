package txlookup.azure.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmId;

/** What there is in the fake's one subscription, by lower-case id; guarded by its own lock. */
final class FakeState {
    final Map<String, ObjectNode> groups = new LinkedHashMap<>();
    final Map<String, ObjectNode> resources = new LinkedHashMap<>();
    /** What lies within another resource, or beside it as an extension; subscription-wide lists do not show it. */
    final Map<String, ObjectNode> children = new LinkedHashMap<>();

    final Map<String, ObjectNode> locks = new LinkedHashMap<>();
    final Map<String, ObjectNode> denials = new LinkedHashMap<>();
    final Map<String, ObjectNode> deletedVaults = new LinkedHashMap<>();
    /** Metrics of the busiest minute, by the resource's id and the metric's name. */
    final Map<String, Map<String, Double>> metrics = new LinkedHashMap<>();
    /** Lists lag: an id stands there for that many more lists after it is gone. */
    final Map<String, Stale> stale = new LinkedHashMap<>();
    /** What appears by itself after that many more requests. */
    final List<Pending> pending = new ArrayList<>();

    final FakeReadiness readiness = new FakeReadiness(this);

    /** A resource that lists still show. */
    record Stale(ObjectNode resource, int lists) {}

    /** Something that is about to appear. */
    record Pending(ObjectNode resource, int requests) {}

    static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    static boolean isWithin(String id, String scope) {
        return key(id).equals(key(scope)) || key(id).startsWith(key(scope) + "/");
    }

    static boolean isGroup(String id) {
        return key(id).matches("/subscriptions/[^/]+/resourcegroups/[^/]+");
    }

    private Consumer<ObjectNode> removed = resource -> {};

    /** Tells it of every resource that goes. */
    void onRemoved(Consumer<ObjectNode> listener) {
        removed = listener;
    }

    void put(ObjectNode resource) {
        String id = resource.path("id").asString("");
        boolean group = isGroup(id);
        // What is assigned to a group is no resource of it (role-based-access-control, "extension resource").
        boolean child =
                !group && (!ArmId.of(id).isTopLevel() || key(id).contains("/providers/microsoft.authorization/"));
        (group ? groups : child ? children : resources).put(key(id), resource);
    }

    ObjectNode find(String id) {
        ObjectNode group = groups.get(key(id));
        return group != null ? group : resources.getOrDefault(key(id), children.get(key(id)));
    }

    /** Takes it away with all that is within it; a vault leaves a deleted vault behind. */
    void remove(String id, int staleLists) {
        for (Map<String, ObjectNode> all : List.of(groups, resources, children)) {
            List<String> gone =
                    all.keySet().stream().filter(key -> isWithin(key, id)).toList();
            for (String key : gone) {
                ObjectNode resource = all.remove(key);
                removed.accept(resource);
                if (staleLists > 0 && all == resources) {
                    stale.put(key, new Stale(resource, staleLists));
                }
                if (key.contains("/providers/microsoft.keyvault/vaults/") && all == resources) {
                    softDelete(resource);
                }
            }
        }
        pending.removeIf(one -> isWithin(one.resource().path("id").asString(""), id));
    }

    private void softDelete(ObjectNode vault) {
        String id = vault.path("id").asString("");
        String subscription = id.substring(0, id.toLowerCase(Locale.ROOT).indexOf("/resourcegroups/"));
        String location = vault.path("location").asString("");
        ObjectNode deleted = JsonNodeFactory.instance.objectNode();
        String name = vault.path("name").asString("");
        deleted.put(
                "id",
                "%s/providers/Microsoft.KeyVault/locations/%s/deletedVaults/%s"
                        .formatted(subscription, location, name));
        deleted.put("name", name);
        deleted.put("type", "Microsoft.KeyVault/deletedVaults");
        ObjectNode properties = deleted.putObject("properties");
        properties.put("vaultId", id);
        properties.put("location", location);
        properties.put("deletionDate", "2026-11-21T09:00:00Z");
        properties.put("scheduledPurgeDate", "2026-11-28T09:00:00Z");
        JsonNode purgeProtection = vault.path("properties").path("enablePurgeProtection");
        if (purgeProtection.asBoolean(false)) {
            properties.put("purgeProtectionEnabled", true);
        }
        properties.set("tags", vault.path("tags").deepCopy());
        deletedVaults.put(key(deleted.path("id").asString("")), deleted);
    }

    /** One more request went by. */
    void tick() {
        List<Pending> due = pending.stream().filter(one -> one.requests() <= 1).toList();
        pending.replaceAll(one -> new Pending(one.resource(), one.requests() - 1));
        pending.removeIf(one -> one.requests() <= 0);
        due.forEach(one -> put(one.resource()));
    }

    List<ObjectNode> listed() {
        List<ObjectNode> listed = new ArrayList<>(resources.values());
        List<String> over = new ArrayList<>();
        stale.replaceAll((id, one) -> {
            listed.add(one.resource());
            if (one.lists() <= 1) {
                over.add(id);
            }
            return new Stale(one.resource(), one.lists() - 1);
        });
        over.forEach(stale::remove);
        return listed;
    }
}
