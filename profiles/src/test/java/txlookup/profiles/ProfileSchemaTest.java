package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.profiles.schema.SchemaDocument;
import txlookup.profiles.settings.AuthMode;

class ProfileSchemaTest {

    private static final ProfileProperties PROPERTIES =
            new ProfileProperties(SchemaDocument.load("/txlookup/profiles/profile.schema.json"));

    @ParameterizedTest
    @ValueSource(
            strings = {"/txlookup/profiles/profile.schema.json", "/txlookup/profiles/events/event-profile.schema.json"})
    void everyPropertyIsDescribedAndNoSectionTakesUnknownOnes(String resource) throws IOException {
        try (var in = ProfileSchemaTest.class.getResourceAsStream(resource)) {
            JsonNode schema = JsonMapper.shared().readTree(in);
            assertThat(schema.path("$schema").asString()).endsWith("2020-12/schema");
            walk(schema, "");
        }
    }

    private static void walk(JsonNode schema, String path) {
        if (schema.path("type").asString("").equals("object")) {
            assertThat(schema.path("additionalProperties").asBoolean(true))
                    .as(path)
                    .isFalse();
        }
        // What stands beside a reference only narrows a property that is described where it points to.
        if (!schema.has("$ref")) {
            schema.path("properties").properties().forEach(entry -> {
                String below = path + "/" + entry.getKey();
                assertThat(entry.getValue().path("description").asString(""))
                        .as(below)
                        .isNotBlank();
                walk(entry.getValue(), below);
            });
        }
        schema.path("$defs").properties().forEach(entry -> walk(entry.getValue(), path + "/$defs/" + entry.getKey()));
    }

    @Test
    void descriptionOfEveryPropertySaysItsDefaultOrThatThereIsNone() {
        for (ProfileProperty property : PROPERTIES.all()) {
            JsonNode node = property.schema().node();
            String description = node.path("description").asString();
            if (node.has("default")) {
                assertThat(description)
                        .as(property.path())
                        .endsWith("Default: %s.".formatted(node.path("default").asString()));
            } else {
                assertThat(description).as(property.path()).containsAnyOf("No default", "Default:", "Required.");
            }
        }
    }

    @Test
    void defaultsAloneMakeAProfile(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("bare.yaml"), "stage: local\nnaming: {owner: kim, env: dev}\n");

        Profile profile = new LoadedProfiles(folder).load("bare.yaml", LoadedProfiles.NO_FLAGS);

        assertThat(profile.database().sslMode()).isEqualTo("verify-full");
        assertThat(profile.api().auth().mode()).isEqualTo(AuthMode.OIDC);
    }

    @ParameterizedTest
    @CsvSource({
        "database.port, TXLOOKUP_DATABASE_PORT",
        "api.auth.jwksUri, TXLOOKUP_API_AUTH_JWKS_URI",
        "backfill.throttle.apiLatencyP95, TXLOOKUP_BACKFILL_THROTTLE_API_LATENCY_P95",
        "messaging.client.metadata.max.age.ms, TXLOOKUP_MESSAGING_CLIENT_METADATA_MAX_AGE_MS",
        "naming.envShort, TXLOOKUP_NAMING_ENV_SHORT",
        "generation, TXLOOKUP_GENERATION"
    })
    void variableOfAPropertyFollowsFromItsPath(String path, String variable) {
        assertThat(PROPERTIES.known(path).environmentName()).isEqualTo(variable);
        assertThat(PROPERTIES.byEnvironmentName(variable)).contains(PROPERTIES.known(path));
    }

    @Test
    void noPropertyTakesAVariableOfTheProcessOrAShortForm() {
        assertThat(PROPERTIES.all())
                .extracting(ProfileProperty::environmentName)
                .doesNotContainAnyElementsOf(EnvironmentNames.OF_THE_PROCESS)
                .doesNotContainAnyElementsOf(EnvironmentNames.SHORT_FORMS.keySet());
    }
}
