package txlookup.azure.destroy.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.DenyAssignment;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Lock;
import txlookup.azure.inventory.Resource;

/** Environments as they ought to be, bent in random places. */
final class RandomInventory {
    private static final String ROOT = "/subscriptions/" + PolicyStatement.SUBSCRIPTION;
    private static final String OWN_GROUP = ROOT + "/resourceGroups/team4-txlookup-rg-owner1-test";
    private static final List<String> GROUPS = List.of(
            OWN_GROUP,
            OWN_GROUP,
            OWN_GROUP,
            ROOT + "/resourceGroups/shared-rg",
            ROOT + "/resourceGroups/team4-txlookup-rg-owner10-test",
            ROOT + "/resourceGroups/databricks-rg-lake",
            ROOT + "/resourceGroups/TEAM4-txlookup-rg-owner1-test",
            ROOT + "/resourceGroups/team4-txlookup-rg-owner1-test2");
    private static final List<String> KINDS = List.of(
            "Microsoft.OperationalInsights/workspaces/team4-txlookup-law-owner1-test",
            "Microsoft.Insights/components/team4-txlookup-ai-owner1-test",
            "Microsoft.DBforPostgreSQL/flexibleServers/team4-txlookup-pg-owner1-test",
            "Microsoft.EventHub/namespaces/team4-txlookup-eh-owner1-test",
            "Microsoft.ManagedIdentity/userAssignedIdentities/team4-txlookup-id-owner1-test",
            "Microsoft.ContainerRegistry/registries/team4txlookupowner1test",
            "Microsoft.KeyVault/vaults/team4-tx-kv-owner1-t",
            "Microsoft.App/managedEnvironments/team4-tx-caenv-owner1-t",
            "Microsoft.App/containerApps/team4-tx-api-owner1-t",
            "Microsoft.App/containerApps/team4-tx-con-owner1-t",
            "Microsoft.App/jobs/team4-tx-mig-owner1-t",
            "Microsoft.App/jobs/team4-tx-bf-owner1-t",
            "Microsoft.App/jobs/team4-tx-in-owner1-t",
            "Microsoft.Insights/scheduledQueryRules/team4-txlookup-alfresh-owner1-test",
            "Microsoft.Insights/actionGroups/team4-txlookup-ag-owner1-test");
    private static final List<String> FOREIGN = List.of(
            "Microsoft.Databricks/workspaces/lake",
            "Microsoft.Storage/storageAccounts/precious",
            "Microsoft.Storage/storageAccounts/team4txstowner1t",
            "Microsoft.Insights/components/team4-txlookup-ai-owner10-test",
            "Microsoft.DBforPostgreSQL/flexibleServers/team4-txlookup-pg-owner10-test",
            "Microsoft.ContainerRegistry/registries/team4txlookupowner10test",
            "Microsoft.Solutions/applications/app");
    private static final List<String> MADE_BY_AZURE = List.of(
            "microsoft.alertsmanagement/smartDetectorAlertRules/Failure Anomalies - team4-txlookup-ai-owner1-test",
            "microsoft.alertsmanagement/smartDetectorAlertRules/Failure Anomalies - team4-txlookup-ai-owner10-test",
            "microsoft.insights/actiongroups/Application Insights Smart Detection");
    private static final List<String> TTLS = List.of(
            "2020-01-01",
            "2026-11-20",
            "2026-11-21",
            "2026-11-22",
            "2099-12-31",
            "",
            "soon",
            "2026-1-1",
            "2026-02-30",
            "+2026-11-20",
            "2026-11-20 ",
            "99999-01-01");

    private static final List<String> STAGES = List.of("cloud-secure", "cloud-test", "Cloud-Test", "local");

    private final Random random;

    RandomInventory(Random random) {
        this.random = random;
    }

    Inventory make() {
        List<Resource> resources = new ArrayList<>();
        resources.add(group(OWN_GROUP));
        for (int i = random.nextInt(3); i > 0; i--) {
            resources.add(group(pick(GROUPS)));
        }
        boolean calm = random.nextInt(3) == 0;
        List<String> kinds = new ArrayList<>(KINDS);
        for (int i = 2 + random.nextInt(6); i > 0; i--) {
            Resource one = ours(OWN_GROUP, kinds.remove(random.nextInt(kinds.size())));
            resources.add(calm || random.nextInt(3) > 0 ? one : bent(one));
        }
        for (int i = calm ? random.nextInt(2) : random.nextInt(4); i > 0; i--) {
            resources.add(other(resources));
        }
        if (random.nextInt(3) == 0) {
            String group = calm ? OWN_GROUP : pick(GROUPS);
            resources.add(bare(
                    group + "/providers/" + (calm ? MADE_BY_AZURE.get(random.nextInt(2) * 2) : pick(MADE_BY_AZURE))));
        }
        if (!calm && random.nextInt(20) == 0) {
            resources.add(bent(pick(resources)));
        }
        return new Inventory(
                PolicyStatement.SUBSCRIPTION,
                resources,
                locks(resources),
                denials(resources),
                List.of(),
                List.of(),
                stages());
    }

    /** What deployments tell; mostly what the tags say, and mostly of our own group. */
    private Map<ArmId, String> stages() {
        Map<ArmId, String> stages = new HashMap<>();
        while (random.nextInt(3) == 0) {
            stages.put(ArmId.of(pick(GROUPS)), random.nextInt(5) > 0 ? "cloud-test" : pick(STAGES));
        }
        return stages;
    }

    /** One thing becomes otherwise. */
    Inventory drift(Inventory world) {
        if (world.resources().isEmpty()) {
            return world;
        }
        List<Resource> resources = new ArrayList<>(world.resources());
        List<Lock> locks = new ArrayList<>(world.locks());
        List<DenyAssignment> denials = new ArrayList<>(world.denials());
        int place = random.nextInt(resources.size());
        Map<ArmId, String> stages = new HashMap<>(world.stages());
        switch (random.nextInt(7)) {
            case 6 -> stages.put(ArmId.of(OWN_GROUP), pick(STAGES));
            case 0 -> locks.add(lock(scope(resources)));
            case 1 -> denials.add(denial(scope(resources)));
            case 2 -> resources.add(other(resources));
            case 3 -> resources.remove(place);
            case 4 -> resources.add(ours(OWN_GROUP, pick(KINDS)));
            default -> resources.set(place, bent(resources.get(place)));
        }
        return new Inventory(PolicyStatement.SUBSCRIPTION, resources, locks, denials, List.of(), List.of(), stages);
    }

    private Resource group(String id) {
        Resource group = new Resource(ArmId.of(id), "koreacentral", ourTags(), "", "", List.of());
        if (!id.equals(OWN_GROUP) && random.nextBoolean()) {
            return bare(id);
        }
        return random.nextInt(4) == 0 ? bent(group) : group;
    }

    private Resource other(List<Resource> beside) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                Resource foreign = bare(pick(GROUPS) + "/providers/" + pick(FOREIGN));
                yield random.nextBoolean()
                        ? foreign
                        : new Resource(foreign.id(), "", Map.of("team", "x"), "", "", List.of(ArmId.of(pick(GROUPS))));
            }
            case 1 -> child(pick(beside));
            case 2 -> bent(ours(pick(GROUPS), pick(KINDS)));
            default -> ours(pick(GROUPS), pick(KINDS));
        };
    }

    private Resource child(Resource parent) {
        String id = parent.id()
                + (parent.id().isGroup() ? "/providers/Microsoft.Web/sites/x/slots/y" : "/databases/txlookup");
        Resource child = bare(id);
        return switch (random.nextInt(4)) {
            case 0 -> new Resource(child.id(), "", Map.of("owner", "owner10"), "", "", List.of());
            case 1 -> new Resource(child.id(), "", Map.of(), "/someone", "", List.of());
            default -> child;
        };
    }

    private Resource ours(String group, String kind) {
        String created = "2026-11-0%dT00:00:00Z".formatted(1 + random.nextInt(9));
        return new Resource(ArmId.of(group + "/providers/" + kind), "koreacentral", ourTags(), "", created, List.of());
    }

    private Map<String, String> ourTags() {
        Map<String, String> tags = new HashMap<>();
        tags.put(random.nextInt(8) == 0 ? "Owner" : "owner", "owner1");
        tags.put(random.nextInt(8) == 0 ? "ENV" : "env", "test");
        tags.put("project", "txlookup");
        tags.put(random.nextInt(8) == 0 ? "Stage" : "stage", "cloud-test");
        tags.put("ttl", random.nextInt(4) == 0 ? "2026-11-21" : "2026-11-20");
        return tags;
    }

    private static Resource bare(String id) {
        return new Resource(ArmId.of(id), "koreacentral", Map.of(), "", "", List.of());
    }

    private Resource bent(Resource one) {
        String id = one.id().toString();
        Map<String, String> tags = new HashMap<>(one.tags());
        String managedBy = one.managedBy();
        switch (random.nextInt(20)) {
            case 0 -> id = id.replace("owner1-", "owner10-").replace("owner1test", "owner10test");
            case 1 ->
                id = id.substring(0, id.lastIndexOf('/') + 1)
                        + id.substring(id.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
            case 2 -> id = id + "2";
            case 3 -> id = id.replace("providers/Microsoft.", "providers/Other.");
            case 4 -> id = id.replace(PolicyStatement.SUBSCRIPTION, "99999999-2222-3333-4444-555555555555");
            case 5 -> id = id + (random.nextBoolean() ? "?x" : "/");
            case 6 -> tags.keySet().removeIf(tag -> random.nextInt(3) == 0);
            case 7 -> tags.clear();
            case 8 -> tags.put("owner", random.nextBoolean() ? "owner10" : "Owner1");
            case 9 -> tags.put("env", random.nextBoolean() ? "test2" : "test ");
            case 10 -> tags.put("PROJECT", random.nextBoolean() ? "txlookup" : "other");
            case 11, 12, 13 -> tags.put("ttl", pick(TTLS));
            case 17, 18 -> {
                tags.keySet().removeIf("stage"::equalsIgnoreCase);
                if (random.nextInt(4) > 0) {
                    tags.put("stage", pick(STAGES));
                }
            }
            case 14 -> managedBy = ROOT + "/resourceGroups/x/providers/Microsoft.Solutions/applications/app";
            case 15 -> tags.put("databricks-environment", "true");
            case 16 -> id = id.replace("/resourceGroups/team4-txlookup-rg-owner1-test/", "/resourceGroups/nowhere/");
            default -> tags.put("owner", "");
        }
        return new Resource(ArmId.of(id), one.location(), tags, managedBy, one.created(), one.manages());
    }

    private List<Lock> locks(List<Resource> resources) {
        List<Lock> locks = new ArrayList<>();
        while (random.nextInt(5) == 0) {
            locks.add(lock(scope(resources)));
        }
        return locks;
    }

    private List<DenyAssignment> denials(List<Resource> resources) {
        return random.nextInt(15) == 0 ? List.of(denial(scope(resources))) : List.of();
    }

    private Lock lock(String scope) {
        String level = random.nextBoolean() ? "CanNotDelete" : "ReadOnly";
        return new Lock(
                ArmId.of(scope + "/providers/Microsoft.Authorization/locks/keep"), ArmId.of(scope), level, "keep");
    }

    private DenyAssignment denial(String scope) {
        return new DenyAssignment(ArmId.of(scope + "/x"), ArmId.of(scope), "deny", random.nextBoolean());
    }

    private String scope(List<Resource> resources) {
        return switch (random.nextInt(12)) {
            case 0 -> ROOT;
            case 1 -> ROOT + "/resourceGroups/team4-txlookup-rg-owner1-test2";
            case 2 -> ROOT + "/resourceGroups/team4-txlookup-rg-owner1";
            case 3 -> pick(resources).id().toString().toUpperCase(Locale.ROOT);
            case 4 -> pick(resources).id() + "/databases/txlookup";
            default -> pick(resources).id().toString();
        };
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
