package txlookup.azure.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The network's template makes all that a secured environment wants of its network. */
class VirtualNetworkTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void itsOutputsAreTheNetworkThatAPromotionTakes() {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        parameters.put("location", NODES.stringNode("koreacentral"));
        parameters.put("tags", NODES.objectNode().put("owner", "network team"));
        parameters.put("networkName", NODES.stringNode("txlookup-net"));
        parameters.put("postgresDnsZoneName", NODES.stringNode("txlookup.private.postgres.database.azure.com"));
        TemplateEvaluation evaluation = new TemplateEvaluation(
                TemplateLayer.VIRTUAL_NETWORK.template(),
                parameters,
                "11111111-2222-3333-4444-555555555555",
                "net",
                new LiveResources() {
                    @Override
                    public JsonNode reference(String id) {
                        throw new IllegalArgumentException(id);
                    }

                    @Override
                    public JsonNode listKeys(String id) {
                        throw new IllegalArgumentException(id);
                    }
                });
        PrivateNetwork network = PrivateNetwork.of(evaluation.outputs());
        assertThat(network.containerSubnet()).endsWith("/virtualNetworks/txlookup-net/subnets/containers");
        assertThat(network.network()).endsWith("/virtualNetworks/txlookup-net");
        assertThat(network.postgresDnsZone()).endsWith("/privateDnsZones/txlookup.private.postgres.database.azure.com");
        assertThat(evaluation.resources())
                .as("a network, and a zone with its link for each private service")
                .hasSize(9);
        JsonNode subnets =
                evaluation.resources().get(0).body().path("properties").path("subnets");
        assertThat(subnets)
                .filteredOn(subnet -> subnet.path("properties").has("delegations"))
                .extracting(subnet -> subnet.path("name").asString())
                .containsExactly("containers", "postgres");
    }
}
