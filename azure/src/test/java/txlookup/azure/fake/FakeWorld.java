package txlookup.azure.fake;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.naming.Naming;

/** Changes what there is in the fake. */
public final class FakeWorld {
    private static final String SUBSCRIPTION = "/subscriptions/" + FakeAzure.SUBSCRIPTION;
    private static final String REGION = "koreacentral";

    private final FakeState state;
    private int appearAfter = Integer.MAX_VALUE;

    FakeWorld(FakeState state) {
        this.state = state;
    }

    /** From now on a component has what Azure adds beside it after so many requests. */
    public FakeWorld appearLater(int requests) {
        appearAfter = requests;
        return this;
    }

    /** The id of a group of that name. */
    public static String group(String name) {
        return SUBSCRIPTION + "/resourceGroups/" + name;
    }

    /** Makes or replaces a group or resource. */
    public FakeWorld put(String id, ObjectNode body) {
        ObjectNode resource = body.deepCopy();
        resource.put("id", id);
        resource.put("name", id.substring(id.lastIndexOf('/') + 1));
        resource.put("createdTime", "2026-11-%02dT08:00:00Z".formatted(1 + Math.floorMod(id.hashCode(), 20)));
        if (resource.path("location").isMissingNode()) {
            resource.put("location", REGION);
        }
        if (FakeState.isGroup(id)) {
            resource.put("type", AzureKind.RESOURCE_GROUP.type());
            resource.withObject("/properties").put("provisioningState", "Succeeded");
        } else {
            String type = ArmId.of(id).type();
            resource.put("type", FakeDirectory.spelling(type).orElse(type));
        }
        state.put(resource);
        if (FakeState.key(id).contains("/providers/microsoft.insights/components/")
                && appearAfter < Integer.MAX_VALUE) {
            for (String added : FakeManager.madeByAzure(id)) {
                ObjectNode one = JsonNodeFactory.instance.objectNode().put("id", added);
                one.put("name", added.substring(added.lastIndexOf('/') + 1)).put("location", "global");
                state.pending.add(new FakeState.Pending(one, appearAfter));
            }
        }
        return this;
    }

    /** Makes or replaces a group or resource with these tags. */
    public FakeWorld put(String id, Map<String, String> tags) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode written = body.putObject("tags");
        tags.forEach(written::put);
        return put(id, body);
    }

    /** Locks that scope. */
    public FakeWorld lock(String scope, String level, String notes) {
        String id = scope + "/providers/Microsoft.Authorization/locks/keep";
        ObjectNode lock = JsonNodeFactory.instance.objectNode().put("id", id).put("name", "keep");
        lock.putObject("properties").put("level", level).put("notes", notes);
        state.locks.put(FakeState.key(id), lock);
        return this;
    }

    /** Takes that scope's lock away. */
    public FakeWorld unlock(String scope) {
        state.locks.remove(FakeState.key(scope + "/providers/Microsoft.Authorization/locks/keep"));
        return this;
    }

    /** Only these actions are allowed, such as {@code Microsoft.App/*}. */
    public FakeWorld allow(String... actions) {
        state.readiness.allow(List.of(actions));
        return this;
    }

    /** Nobody registered that provider for the subscription. */
    public FakeWorld unregister(String namespace) {
        state.readiness.unregister(namespace);
        return this;
    }

    /** Somebody elsewhere has a resource of that name. */
    public FakeWorld taken(String name) {
        state.readiness.taken(name);
        return this;
    }

    /** So many container environments are there already. */
    public FakeWorld containerEnvironments(int others) {
        state.readiness.environments(others);
        return this;
    }

    /** What lies within resources, or beside them. */
    public Collection<ObjectNode> children() {
        return List.copyOf(state.children.values());
    }

    /** Takes away what is there, as somebody else would. */
    public FakeWorld remove(String id) {
        state.remove(id, 0);
        return this;
    }

    /** What a resource's metrics sum up to in its busiest minute. */
    public FakeWorld metrics(String id, Map<String, Double> totals) {
        state.metrics.put(FakeState.key(id), totals);
        return this;
    }

    /** A whole environment with all its kinds, under these tags. */
    public FakeWorld environment(Naming naming, String ttl) {
        return environment(naming, ttl, EnumSet.allOf(AzureKind.class));
    }

    /** An environment with its group and these kinds. */
    public FakeWorld environment(Naming naming, String ttl, Set<AzureKind> kinds) {
        Map<String, String> tags = Map.of(
                "env",
                naming.env(),
                "owner",
                naming.owner(),
                "project",
                naming.project(),
                "stage",
                "cloud-test",
                "ttl",
                ttl);
        String group = group(AzureKind.RESOURCE_GROUP.name(naming));
        put(group, tags);
        for (AzureKind kind : kinds) {
            if (kind != AzureKind.RESOURCE_GROUP) {
                put(group + "/providers/" + kind.type() + "/" + kind.name(naming), tags);
            }
        }
        return this;
    }

    /** Neighbours that nobody may touch: a Databricks workspace, the group that it manages, something untagged. */
    public FakeWorld neighbours(Naming naming) {
        Naming lookAlike = new Naming(
                naming.team(),
                naming.project(),
                naming.shortProject(),
                naming.owner() + "0",
                naming.env(),
                naming.envShort(),
                Optional.empty());
        String theirs = group(AzureKind.RESOURCE_GROUP.name(lookAlike));
        Map<String, String> tags = Map.of(
                "env", naming.env(), "owner", lookAlike.owner(), "project", naming.project(), "ttl", "2020-01-01");
        put(theirs, tags);
        put(theirs + "/providers/" + AzureKind.POSTGRES.type() + "/" + AzureKind.POSTGRES.name(lookAlike), tags);
        put(group("shared-rg"), Map.of());
        String lake = group("shared-rg") + "/providers/Microsoft.Databricks/workspaces/lake";
        ObjectNode workspace = JsonNodeFactory.instance.objectNode();
        workspace.putObject("properties").put("managedResourceGroupId", group("databricks-rg-lake"));
        put(lake, workspace);
        put(group("databricks-rg-lake"), JsonNodeFactory.instance.objectNode().put("managedBy", lake));
        put(group("databricks-rg-lake") + "/providers/Microsoft.Storage/storageAccounts/dbstorage", Map.of());
        String denied = group("databricks-rg-lake");
        String id = denied + "/providers/Microsoft.Authorization/denyAssignments/5e9b";
        ObjectNode denial = JsonNodeFactory.instance.objectNode().put("id", id).put("name", "5e9b");
        denial.putObject("properties")
                .put("denyAssignmentName", "System deny assignment created by Azure Databricks")
                .put("scope", denied)
                .put("isSystemProtected", true);
        state.denials.put(FakeState.key(id), denial);
        return this;
    }
}
