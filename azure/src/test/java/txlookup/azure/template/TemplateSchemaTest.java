package txlookup.azure.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.Profile;

/** The templates and what both stages make of them, against the schemas that Azure publishes. */
class TemplateSchemaTest {
    /** Their schemas are not among those beside the checkout. */
    private static final List<String> NOT_JUDGED = List.of(
            "Microsoft.Network/virtualNetworks",
            "Microsoft.Network/privateEndpoints",
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
            "Microsoft.Network/privateDnsZones",
            "Microsoft.Network/privateDnsZones/A",
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            "Microsoft.Storage/storageAccounts",
            "Microsoft.Storage/storageAccounts/blobServices",
            "Microsoft.Storage/storageAccounts/blobServices/containers");

    private ArmSchemas schemas;

    @BeforeEach
    void schemas() throws Exception {
        Optional<ArmSchemas> found = ArmSchemas.beside(Path.of(".."));
        assumeTrue(found.isPresent(), "../shared/schemas/arm is not beside the checkout");
        schemas = found.get();
    }

    @ParameterizedTest
    @EnumSource
    void everyTemplateAndItsExpressionsAreWhatAzureDescribes(TemplateLayer layer) throws Exception {
        ObjectNode template = layer.template();
        assertThat(schemas.envelope(template)).isEmpty();
        for (JsonNode resource : template.path("resources")) {
            requireValid(resource);
        }
    }

    @ParameterizedTest
    @CsvSource({"cloud-test,none", "cloud-secure,none", "cloud-test,citus", "cloud-secure,citus"})
    void everyResourceOfBothStagesIsWhatAzureDescribes(String stage, String distribution) throws Exception {
        Profile profile = Environments.profile(stage, "kim", "dev", "database.distribution=" + distribution);
        int judged = 0;
        for (Evaluated.Layer layer : Evaluated.layers(profile)) {
            for (TemplateEvaluation.Made made : layer.evaluation().resources()) {
                requireValid(made.body());
                judged++;
            }
        }
        assertThat(judged).isGreaterThan(20);
        for (TemplateEvaluation.Made made : Evaluated.kept(profile).evaluation().resources()) {
            requireValid(made.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-test", "cloud-secure"})
    void everyParameterFileIsWhatAzureDescribes(String stage) {
        for (Evaluated.Layer layer : Evaluated.layers(Environments.profile(stage, "kim", "dev"))) {
            ObjectNode file = JsonNodeFactory.instance.objectNode();
            file.put("$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#");
            file.put("contentVersion", "1.0.0.0");
            ObjectNode parameters = file.putObject("parameters");
            for (Map.Entry<String, JsonNode> each : layer.parameters().entrySet()) {
                parameters.putObject(each.getKey()).set("value", each.getValue());
            }
            assertThat(schemas.parameters(file)).isEmpty();
        }
    }

    @Test
    void aMisspeltPropertyAndAWrongValueAreSeen() throws Exception {
        ObjectNode namespace =
                (ObjectNode) TemplateLayer.DATA.template().path("resources").get(0);
        namespace.withObject("/properties").put("minimumTlsVersio", "1.2");
        assertThat(schemas.resource(namespace).orElseThrow()).isNotEmpty();
        ObjectNode server =
                (ObjectNode) TemplateLayer.DATA.template().path("resources").get(4);
        server.withObject("/sku").put("tier", "Enormous");
        assertThat(schemas.resource(server).orElseThrow()).isNotEmpty();
    }

    private void requireValid(JsonNode resource) throws Exception {
        String type = resource.path("type").asString();
        Optional<List<String>> errors = schemas.resource(resource);
        if (NOT_JUDGED.contains(type) && errors.isEmpty()) {
            System.out.println("NOT VALIDATED, no schema beside the checkout: " + type);
        } else {
            assertThat(errors).as("a schema for " + type).isPresent();
            assertThat(errors.get()).as(type).isEmpty();
        }
    }
}
