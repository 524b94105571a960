package txlookup.azure.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The network that a cloud-secure environment is put into. It is somebody else's and stays theirs: it is only referred to
 * by the ids of its parts.
 *
 * @param containerSubnet delegated to Microsoft.App/environments
 * @param postgresSubnet delegated to Microsoft.DBforPostgreSQL/flexibleServers
 * @param endpointSubnet for private endpoints
 * @param postgresDnsZone a private DNS zone that ends in postgres.database.azure.com
 * @param vaultDnsZone privatelink.vaultcore.azure.net
 * @param registryDnsZone privatelink.azurecr.io
 * @param eventHubsDnsZone privatelink.servicebus.windows.net
 */
public record PrivateNetwork(
        String containerSubnet,
        String postgresSubnet,
        String endpointSubnet,
        String postgresDnsZone,
        String vaultDnsZone,
        String registryDnsZone,
        String eventHubsDnsZone) {
    /**
     * Checks every part.
     *
     * @throws IllegalArgumentException when some are no ids, naming every one
     */
    public PrivateNetwork {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("container-subnet", containerSubnet);
        parts.put("postgres-subnet", postgresSubnet);
        parts.put("endpoint-subnet", endpointSubnet);
        parts.put("postgres-dns-zone", postgresDnsZone);
        parts.put("vault-dns-zone", vaultDnsZone);
        parts.put("registry-dns-zone", registryDnsZone);
        parts.put("event-hubs-dns-zone", eventHubsDnsZone);
        List<String> missing = new ArrayList<>();
        parts.forEach((part, id) -> {
            if (id == null || !id.startsWith("/subscriptions/")) {
                missing.add(part);
            }
        });
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "stage cloud-secure is private: give the ids of the network's parts, each /subscriptions/...; missing: "
                            + String.join(", ", missing));
        }
    }

    /** What the template virtual_network.json made. */
    public static PrivateNetwork of(JsonNode outputs) {
        return new PrivateNetwork(
                output(outputs, "containerSubnet"),
                output(outputs, "postgresSubnet"),
                output(outputs, "endpointSubnet"),
                output(outputs, "postgresDnsZone"),
                output(outputs, "vaultDnsZone"),
                output(outputs, "registryDnsZone"),
                output(outputs, "eventHubsDnsZone"));
    }

    private static String output(JsonNode outputs, String name) {
        return outputs.path(name).path("value").asString("");
    }

    /** The virtual network of the container environment. */
    public String network() {
        int subnet = containerSubnet.indexOf("/subnets/");
        return subnet < 0 ? containerSubnet : containerSubnet.substring(0, subnet);
    }
}
