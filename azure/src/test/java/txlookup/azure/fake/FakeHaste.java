package txlookup.azure.fake;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmId;

/**
 * What Azure refuses to those in a hurry, and takes some requests later: a server that is still busy with itself
 * (Azure/azure-postgresql#134, #127), a name that was just given up (hashicorp/terraform-provider-azurerm#12020), a role
 * that does not hold yet (microsoft/azure-container-apps#836, #1174).
 */
final class FakeHaste {
    private static final int ROLES_TAKE = 12;
    private static final int NAMES_TAKE = 12;
    private static final String ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
    private static final String SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

    private final FakeState state;
    private final Map<String, Long> made = new HashMap<>();
    private final Map<String, Long> gone = new HashMap<>();
    private final Map<String, Integer> refused = new HashMap<>();
    private long requests;

    FakeHaste(FakeState state) {
        this.state = state;
    }

    void tick() {
        requests++;
    }

    void made(ArmId id) {
        made.putIfAbsent(FakeState.key(id.toString()), requests);
    }

    void removed(ArmId id) {
        made.remove(FakeState.key(id.toString()));
        gone.put(id.type() + " " + id.name().toLowerCase(Locale.ROOT), requests);
        refused.keySet().removeIf(key -> key.startsWith(FakeState.key(id.toString())));
    }

    /** @throws FakeProviders.Refused when it comes too early */
    void require(ArmId id, ObjectNode body, boolean there) {
        switch (id.type()) {
            case "microsoft.eventhub/namespaces" -> requireFree(id, there);
            case "microsoft.dbforpostgresql/flexibleservers/databases",
                    "microsoft.dbforpostgresql/flexibleservers/firewallrules" ->
                once(
                        id,
                        there,
                        "ServerIsBusy",
                        "Cannot complete operation while server '%s' is busy processing another operation. Try again later.");
            case "microsoft.dbforpostgresql/flexibleservers/administrators" ->
                once(
                        id,
                        there,
                        "AadAuthOperationCannotBePerformedWhenServerIsNotAccessible",
                        "The server '%s' is not in an accessible state to perform Azure AD Principal operation.");
            case "microsoft.app/containerapps", "microsoft.app/jobs" -> requireRoles(body);
            default -> {}
        }
    }

    private void requireFree(ArmId id, boolean there) {
        Long since = gone.get(id.type() + " " + id.name().toLowerCase(Locale.ROOT));
        if (!there && since != null && requests < since + NAMES_TAKE) {
            throw new FakeProviders.Refused(
                    "BadRequest",
                    "The specified name is not available. For more information visit https://aka.ms/eventhubsarmexceptions.");
        }
    }

    /** The server's first child of each kind comes while it is still at its own making. */
    private void once(ArmId id, boolean there, String code, String message) {
        String server = id.toString().substring(0, id.toString().lastIndexOf('/'));
        server = server.substring(0, server.lastIndexOf('/'));
        if (!there && refused.merge(FakeState.key(server) + " " + code, 1, Integer::sum) == 1) {
            throw new FakeProviders.Refused(code, message.formatted(server.substring(server.lastIndexOf('/') + 1)));
        }
    }

    private void requireRoles(ObjectNode body) {
        JsonNode configuration = body.path("properties").path("configuration");
        for (JsonNode registry : configuration.path("registries")) {
            String name = registry.path("server").asString("").replace(".azurecr.io", "");
            if (!holds("/registries/" + name, ACR_PULL)) {
                throw invalid(
                        "template.containers.image",
                        "unable to pull image using Managed identity %s for registry %s"
                                .formatted(
                                        registry.path("identity").asString(""),
                                        registry.path("server").asString("")));
            }
        }
        for (JsonNode secret : configuration.path("secrets")) {
            String url = secret.path("keyVaultUrl").asString("");
            if (!url.isEmpty() && !holds(inVault(url), SECRETS_USER)) {
                throw invalid(
                        "configuration.secrets",
                        "Unable to get value using Managed identity %s for secret %s."
                                .formatted(
                                        secret.path("identity").asString(""),
                                        secret.path("name").asString("")));
            }
        }
    }

    private static FakeProviders.Refused invalid(String field, String details) {
        return new FakeProviders.Refused(
                "InvalidParameterValueInContainerTemplate",
                "The following field(s) are either invalid or missing. Field '%s' is invalid with details: 'Invalid value: %s';."
                        .formatted(field, details));
    }

    private static String inVault(String url) {
        return url.replaceAll("https://([^.]+)\\..*/secrets/(.*)", "/vaults/$1/secrets/$2");
    }

    /** Whether such a role was assigned on it long enough ago. */
    private boolean holds(String resource, String role) {
        return state.children.entrySet().stream()
                .filter(child -> child.getKey().contains(FakeState.key(resource) + "/"))
                .filter(child -> child.getValue()
                        .path("properties")
                        .path("roleDefinitionId")
                        .asString("")
                        .endsWith(role))
                .anyMatch(child -> requests >= made.getOrDefault(child.getKey(), 0L) + ROLES_TAKE);
    }
}
