package txlookup.azure.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.Profile;

/** Asks the resource manager for everything that FIRST-RUN.md asks for, and changes nothing. */
public final class FirstRunCheck {
    private static final String PROVIDERS = "api-version=2021-04-01";
    private static final String PERMISSIONS = "api-version=2022-04-01";
    /** What making and destroying an environment does, in Azure's words. */
    private static final List<String> ACTIONS = List.of(
            "Microsoft.Resources/subscriptions/resourceGroups/write",
            "Microsoft.Resources/subscriptions/resourceGroups/delete",
            "Microsoft.Resources/deployments/write",
            "Microsoft.App/managedEnvironments/write",
            "Microsoft.App/jobs/start/action",
            "Microsoft.ContainerRegistry/registries/importImage/action",
            "Microsoft.DBforPostgreSQL/flexibleServers/write",
            "Microsoft.EventHub/namespaces/write",
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/locks/read",
            "Microsoft.Authorization/denyAssignments/read",
            "Microsoft.AlertsManagement/alerts/read");

    /** Names that the whole world shares: the query, and what it calls the kind. */
    private static final Map<AzureKind, String> SHARED_NAMES = Map.of(
            AzureKind.EVENT_HUBS, "",
            AzureKind.POSTGRES, "Microsoft.DBforPostgreSQL/flexibleServers",
            AzureKind.REGISTRY, "Microsoft.ContainerRegistry/registries",
            AzureKind.KEY_VAULT, "Microsoft.KeyVault/vaults");

    private final ArmClient client;
    private final ArmId subscription;
    private final Profile profile;
    private final boolean withVault;

    /** @param withVault whether the environment has a vault, whose name is asked for then */
    public FirstRunCheck(ArmClient client, Target target, Profile profile, boolean withVault) {
        this.client = client;
        this.subscription = ArmId.ofSubscription(target.subscription());
        this.profile = profile;
        this.withVault = withVault;
    }

    /** Asks everything, whatever is missing. */
    public List<Finding> run() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(enabled());
        findings.addAll(providers());
        findings.add(permissions());
        for (AzureKind kind : SHARED_NAMES.keySet().stream().sorted().toList()) {
            boolean isMade =
                    switch (kind) {
                        case KEY_VAULT -> withVault;
                        case EVENT_HUBS -> profile.messaging().security().isEventHubs();
                        default -> true;
                    };
            if (isMade) {
                findings.add(name(kind));
            }
        }
        findings.add(containerEnvironments());
        return findings;
    }

    private Finding enabled() throws IOException, InterruptedException {
        ArmResponse response = client.read(client.address(subscription.toString(), PROVIDERS));
        String state = response.body().path("state").asString(response.explanation());
        return state.equals("Enabled")
                ? Finding.holds(
                        "subscription", response.body().path("displayName").asString(""))
                : Finding.missing("subscription", state, "log in to a subscription that is enabled: az account set");
    }

    private List<Finding> providers() throws IOException, InterruptedException {
        Set<String> namespaces = new TreeSet<>();
        for (AzureKind kind : AzureKind.values()) {
            namespaces.add(kind.type().substring(0, kind.type().indexOf('/')));
        }
        List<Finding> findings = new ArrayList<>();
        for (String namespace : namespaces) {
            String state = client.read(client.address(
                            subscription.child("providers/" + namespace).toString(), PROVIDERS))
                    .body()
                    .path("registrationState")
                    .asString("unknown");
            findings.add(
                    state.equals("Registered")
                            ? Finding.holds("provider " + namespace, state)
                            : Finding.missing(
                                    "provider " + namespace,
                                    state,
                                    "az provider register --wait --namespace " + namespace));
        }
        return findings;
    }

    private Finding permissions() throws IOException, InterruptedException {
        List<JsonNode> roles = client.list(
                subscription
                        .child("providers/Microsoft.Authorization/permissions")
                        .toString(),
                PERMISSIONS);
        List<String> missing = ACTIONS.stream()
                .filter(action -> roles.stream().noneMatch(role -> allows(role, action)))
                .toList();
        return missing.isEmpty()
                ? Finding.holds("permissions", "all %d actions".formatted(ACTIONS.size()))
                : Finding.missing(
                        "permissions",
                        "not allowed: " + String.join(", ", missing),
                        "assign Contributor and Role Based Access Control Administrator at the subscription");
    }

    private static boolean allows(JsonNode role, String action) {
        return matches(role.path("actions"), action) && !matches(role.path("notActions"), action);
    }

    private static boolean matches(JsonNode patterns, String action) {
        return patterns.valueStream()
                .map(pattern -> Pattern.quote(pattern.asString("")).replace("*", "\\E.*\\Q"))
                .anyMatch(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE)
                        .matcher(action)
                        .matches());
    }

    private Finding name(AzureKind kind) throws IOException, InterruptedException {
        String name = kind.name(profile.naming());
        ArmId ours = subscription.child("resourceGroups/%s/providers/%s/%s"
                .formatted(AzureKind.RESOURCE_GROUP.name(profile.naming()), kind.type(), name));
        if (client.read(client.address(ours.toString(), "api-version=" + kind.apiVersion()))
                .isSuccess()) {
            return Finding.holds("name " + name, "this environment's own");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        Optional.of(SHARED_NAMES.get(kind)).filter(type -> !type.isEmpty()).ifPresent(type -> body.put("type", type));
        String namespace = kind.type().substring(0, kind.type().indexOf('/'));
        ArmResponse response = client.send(
                "POST",
                client.address(
                        subscription
                                .child("providers/" + namespace + "/checkNameAvailability")
                                .toString(),
                        "api-version=" + kind.apiVersion()),
                body);
        return response.body().path("nameAvailable").asBoolean(false)
                ? Finding.holds("name " + name, "free")
                : Finding.missing(
                        "name " + name,
                        response.isSuccess()
                                ? response.body().path("message").asString("taken")
                                : response.explanation(),
                        "choose another owner or env, or wait until the name is free");
    }

    private Finding containerEnvironments() throws IOException, InterruptedException {
        String region = profile.region().orElseThrow().toLowerCase(Locale.ROOT);
        String what = "quota of container environments in " + region;
        ArmResponse response = client.read(client.address(
                subscription
                        .child("providers/Microsoft.App/locations/%s/usages".formatted(region))
                        .toString(),
                "api-version=" + AzureKind.CONTAINER_ENVIRONMENT.apiVersion()));
        Map<String, String> used = new LinkedHashMap<>();
        boolean free = false;
        for (JsonNode usage : response.body().path("value")) {
            if (usage.path("name").path("value").asString("").equals("ManagedEnvironmentCount")) {
                double limit = usage.path("limit").asDouble(0);
                double current = usage.path("currentValue").asDouble(0);
                used.put("used", "%.0f of %.0f".formatted(current, limit));
                free = current < limit;
            }
        }
        return free
                ? Finding.holds(what, used.get("used"))
                : Finding.missing(
                        what,
                        used.getOrDefault("used", response.explanation()),
                        "ask for more in the portal's Quotas, or take another region");
    }
}
