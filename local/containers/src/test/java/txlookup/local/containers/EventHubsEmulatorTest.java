package txlookup.local.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.ObjectMapper;

class EventHubsEmulatorTest {
    @Test
    void hubsWithTheirPartitionsAndGroupsStandInItsFile() throws Exception {
        JsonNode entities = new ObjectMapper()
                .readTree(EventHubsEmulator.configuration(Map.of("orders", 2, "ledger", 4), Set.of("g-b", "g-a")))
                .at("/UserConfig/NamespaceConfig/0/Entities");

        assertThat(entities).hasSize(2);
        assertThat(entities.get(0)).hasToString("""
                {"Name":"ledger","PartitionCount":"4","ConsumerGroups":[{"Name":"g-a"},{"Name":"g-b"}]}""");
        assertThat(entities.at("/1/Name").asText()).isEqualTo("orders");
    }

    @Test
    void clientsLogInWithTheConnectionStringThatNamesTheirPort() {
        Map<String, Object> client = EventHubsEmulator.client(49_152);

        assertThat(client)
                .containsEntry("bootstrap.servers", "localhost:49152")
                .containsEntry("security.protocol", "SASL_PLAINTEXT");
        Map<String, ?> options = JaasContext.loadClientContext(
                        Map.of("sasl.jaas.config", new Password((String) client.get("sasl.jaas.config"))))
                .configurationEntries()
                .get(0)
                .getOptions();
        assertThat(options.get("username")).isEqualTo("$ConnectionString");
        assertThat((String) options.get("password"))
                .startsWith("Endpoint=sb://localhost:49152;")
                .contains("UseDevelopmentEmulator=true");
    }
}
