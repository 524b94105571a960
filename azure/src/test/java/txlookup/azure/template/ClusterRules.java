package txlookup.azure.template;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Azure refuses of an elastic cluster (postgresql/elastic-clusters/concepts-elastic-clusters-limitations, and the
 * service team's words in hashicorp/terraform-provider-azurerm#31315).
 */
public final class ClusterRules {
    private ClusterRules() {}

    /** Why this server is refused; {@code there} is what is made already. */
    public static Optional<String> refusal(JsonNode properties, @Nullable JsonNode there) {
        int nodes = nodes(properties);
        int before = there == null ? nodes : nodes(there);
        if ((before == 0) != (nodes == 0)) {
            return Optional.of("A server becomes no cluster, and a cluster no server.");
        }
        if (nodes == 0) {
            return Optional.empty();
        }
        if (nodes < before || nodes > 20) {
            return Optional.of("Nodes are added up to 20, and not taken away.");
        }
        if (!properties.path("version").asString("").equals("17")) {
            return Optional.of("Elastic clusters support PostgreSQL version 17.");
        }
        if (!properties.path("storage").path("autoGrow").asString("").equals("Disabled")) {
            return Optional.of("Storage Auto Scale is not supported.");
        }
        if (properties.path("network").has("delegatedSubnetResourceId")) {
            return Optional.of("Virtual network injection is not supported.");
        }
        return Optional.empty();
    }

    /** Nodes of the cluster; 0 for a server that is none. */
    public static int nodes(JsonNode properties) {
        return properties.path("cluster").path("clusterSize").asInt(0);
    }

    /** Its one database. */
    public static String database(JsonNode properties) {
        return properties.path("cluster").path("defaultDatabaseName").asString("postgres");
    }
}
