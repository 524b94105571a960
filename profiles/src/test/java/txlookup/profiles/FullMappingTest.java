package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.schema.SchemaDocument;
import txlookup.profiles.schema.YamlDocument;

/** Every property of the schema reaches the record, whichever way it is given. */
class FullMappingTest {

    private static final SchemaDocument SCHEMA = SchemaDocument.load("/txlookup/profiles/profile.schema.json");
    private static final ProfileProperties PROPERTIES = new ProfileProperties(SCHEMA);
    private static final String FILE = read();
    private static final Map<String, String> VALUES = values();

    /** Properties with one allowed value, beside those whose other value goes with no cloud stage or with no partitions. */
    private static final List<String> FIXED = List.of(
            "database.distribution",
            "messaging.client.enable.auto.commit",
            "messaging.client.auto.offset.reset",
            "messaging.client.group.protocol",
            "messaging.producer.acks",
            "messaging.producer.enable.idempotence");

    @TempDir
    Path folder;

    @Test
    void everyPropertyGivenByTheFileIsReadBack() throws IOException {
        Path file = Files.writeString(folder.resolve("full.yaml"), FILE);

        assertThat(new LoadedProfiles(folder).load("full.yaml", LoadedProfiles.NO_FLAGS))
                .isEqualTo(FullProfile.read("file " + file));
    }

    @Test
    void everyPropertyGivenByFlagsIsReadBack() {
        assertThat(new LoadedProfiles(folder).load("local", VALUES))
                .isEqualTo(FullProfile.read("built-in profiles/local.yaml"));
    }

    @Test
    void everyPropertyGivenByVariablesIsReadBack() {
        LoadedProfiles loading = new LoadedProfiles(folder);
        for (Map.Entry<String, String> entry : VALUES.entrySet()) {
            loading = loading.with(PROPERTIES.known(entry.getKey()).environmentName(), entry.getValue());
        }

        assertThat(loading.load("local", LoadedProfiles.NO_FLAGS))
                .isEqualTo(FullProfile.read("built-in profiles/local.yaml"));
    }

    /** So that no property is forgotten on the way to the record, one that the expectation forgets included. */
    @ParameterizedTest
    @MethodSource("changeablePaths")
    void eachPropertyAloneChangesTheProfile(String path) {
        Map<String, String> base = new HashMap<>(needsOfTheCloud());
        boolean onlyLocal = path.equals("stage") || path.equals("api.auth.mode") || path.startsWith("local.");
        base.put("stage", onlyLocal ? "local" : "cloud-test");
        base.put("backfill.source", path.startsWith("backfill.jdbc.") ? "jdbc" : "ndjson");
        if (path.equals("api.auth.mode")) {
            base.remove(path);
        }
        Map<String, String> changed = new HashMap<>(base);
        changed.put(path, VALUES.get(path));
        LoadedProfiles loading = new LoadedProfiles(folder);

        boolean same = loading.load("local", changed).equals(loading.load("local", base));
        assertThat(same).as(path).isFalse();
    }

    static Stream<String> changeablePaths() {
        return PROPERTIES.all().stream().map(ProfileProperty::path).filter(path -> !FIXED.contains(path));
    }

    /** What makes local.yaml fit for every stage and for both sources. */
    private static Map<String, String> needsOfTheCloud() {
        return Map.ofEntries(
                Map.entry("region", "koreacentral"),
                Map.entry("naming.ttl", "2027-01-01"),
                Map.entry("database.passwordVariable", "DB"),
                Map.entry("database.sslMode", "require"),
                Map.entry("api.cursorSecretVariable", "CURSOR"),
                Map.entry("api.auth.mode", "oidc"),
                Map.entry("messaging.security", "PLAIN"),
                Map.entry("messaging.bootstrapServers", "other:9093"),
                Map.entry("messaging.user", "other"),
                Map.entry("backfill.jdbc.url", "jdbc:postgresql://elsewhere/other"),
                Map.entry("backfill.jdbc.user", "other"),
                Map.entry("telemetry.endpoint", "http://other:4318"));
    }

    private static String read() {
        try (InputStream in = FullMappingTest.class.getResourceAsStream("/txlookup/profiles/full.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, String> values() {
        List<ProfileProblem> problems = new ArrayList<>();
        Settings settings = new Settings(
                PROPERTIES, YamlDocument.parse("full.yaml", FILE, problems).orElseThrow(), problems);
        Map<String, String> values = new LinkedHashMap<>();
        for (ProfileProperty property : PROPERTIES.all()) {
            values.put(property.path(), settings.text(property.path()).orElseThrow(() -> new AssertionError(property)));
        }
        return values;
    }
}
