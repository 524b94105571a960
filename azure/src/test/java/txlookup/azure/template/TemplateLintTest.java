package txlookup.azure.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Each template keeps to the rules, and each rule is seen to refuse something. */
class TemplateLintTest {
    @ParameterizedTest
    @EnumSource
    void everyTemplateKeepsToTheRules(TemplateLayer layer) {
        assertThat(TemplateLint.of(layer.template())).isEmpty();
    }

    @Test
    void aResourceWithoutTheEnvironmentsTagsIsRefused() {
        ObjectNode template = TemplateLayer.DATA.template();
        first(template).remove("tags");
        assertThat(TemplateLint.of(template))
                .containsExactly("Microsoft.EventHub/namespaces: has not the environment's tags");
        first(template).putObject("tags").put("env", "dev");
        assertThat(TemplateLint.of(template)).hasSize(1);
    }

    @Test
    void aVersionThatIsNotPinnedIsRefused() {
        ObjectNode template = TemplateLayer.DATA.template();
        for (String version : new String[] {"", "latest", "[parameters('version')]", "2024-01-01-preview"}) {
            first(template).put("apiVersion", version);
            assertThat(TemplateLint.of(template)).singleElement().asString().contains("is not pinned");
        }
    }

    @Test
    void aNameThatTheTemplateMakesUpIsRefused() {
        ObjectNode template = TemplateLayer.DATA.template();
        for (String name : new String[] {
            "team4-txlookup-eh-kim-dev", "[concat('team4-', parameters('owner'))]", "[uniqueString('x')]"
        }) {
            first(template).put("name", name);
            assertThat(TemplateLint.of(template)).singleElement().asString().contains("is not from parameters");
        }
    }

    @Test
    void aLiteralSecretIsRefusedWhereverItStands() {
        ObjectNode template = TemplateLayer.DATA.template();
        first(template).withObject("/properties").put("administratorLoginPassword", "hunter2");
        assertThat(TemplateLint.of(template)).containsExactly("administratorLoginPassword holds a literal secret");
        ObjectNode second = TemplateLayer.DATA.template();
        first(second)
                .withObject("/properties")
                .put("description", "Endpoint=sb://x/;SharedAccessKeyName=listen;SharedAccessKey=abc");
        assertThat(TemplateLint.of(second)).containsExactly("description holds a literal secret");
    }

    @Test
    void aSecretParameterHasToBeSecureAndWithoutDefault() {
        ObjectNode template = TemplateLayer.DATA.template();
        template.withObject("/parameters/administratorPassword").put("type", "string");
        assertThat(TemplateLint.of(template)).singleElement().asString().contains("administratorPassword", "string");
        template.withObject("/parameters/administratorPassword")
                .put("type", "secureString")
                .put("defaultValue", "x");
        assertThat(TemplateLint.of(template)).singleElement().asString().contains("has a default");
    }

    @Test
    void modeCompleteIsRefused() {
        ObjectNode template = TemplateLayer.DATA.template();
        first(template).withObject("/properties").put("mode", "complete");
        assertThat(TemplateLint.of(template)).containsExactly("mode Complete deletes what is not in the template");
    }

    private static ObjectNode first(ObjectNode template) {
        return (ObjectNode) template.path("resources").get(0);
    }
}
