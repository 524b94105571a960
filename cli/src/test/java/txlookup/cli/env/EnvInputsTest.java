package txlookup.cli.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.ResolvedProfile;

/** What an environment is made with is refused here where it would fail minutes into the making. */
class EnvInputsTest {
    private static final String IMAGE = "registry.example/txlookup@sha256:" + "ab".repeat(32);

    @TempDir
    private Path folder;

    @Test
    void aPublicEnvironmentWantsTheAddressFromWhichItsDatabaseIsReached() throws Exception {
        ResolvedProfile profile = profile(Map.of());
        assertThatThrownBy(() -> inputs("--arm", "https://management.azure.com").inputs(profile, profile.text()))
                .hasMessageContaining("--operator-address");
        assertThat(inputs("--arm", "https://management.azure.com", "--operator-address", "203.0.113.7")
                        .inputs(profile, profile.text())
                        .operatorAddress())
                .isEqualTo("203.0.113.7");
        assertThat(inputs("--arm", "http://127.0.0.1:18443")
                        .inputs(profile, profile.text())
                        .profile())
                .as("the fake is on this machine")
                .isEqualTo(profile.text());
    }

    @Test
    void whatAJobWithinMakesWantsNoAddressAndIsTheSecuredStagesDefault() throws Exception {
        ResolvedProfile profile = profile(Map.of());
        assertThat(inputs("--arm", "https://management.azure.com", "--within")
                        .inputs(profile, profile.text())
                        .fromWithin())
                .isTrue();
        assertThat(inputs().hasItMadeFromWithin(profile.profile())).isFalse();
        assertThat(inputs("--kept", "https://a.blob.core.windows.net").hasItMadeFromWithin(profile.profile()))
                .as("the job itself")
                .isFalse();
        ResolvedProfile secured =
                new ProfileLoader(Path.of(""), Map.of()).resolve("cloud-secure", Map.of("owner", "kim", "env", "prod"));
        assertThat(inputs().hasItMadeFromWithin(secured.profile())).isTrue();
        assertThat(inputs("--no-within").hasItMadeFromWithin(secured.profile())).isFalse();
    }

    @Test
    void anEventProfileThatTheImageDoesNotHaveIsRefused() throws Exception {
        Path own = folder.resolve("canonical-v1.yaml");
        Files.writeString(
                own,
                Files.readString(Path.of("..", "profiles", "events", "canonical-v1.yaml"))
                        .replace("ledger.entry.upserted", "ledger.of.mine"));
        ResolvedProfile profile = profile(Map.of("events.profile", own.toString()));
        assertThatThrownBy(() -> inputs("--arm", "http://127.0.0.1:18443").inputs(profile, profile.text()))
                .hasMessageContaining("events.profile")
                .hasMessageContaining("build the image with it");
    }

    private static ResolvedProfile profile(Map<String, String> more) {
        Map<String, String> flags = new HashMap<>(Map.of("owner", "kim", "env", "dev", "naming.ttl", "2026-12-31"));
        flags.putAll(more);
        return new ProfileLoader(Path.of(""), Map.of()).resolve("cloud-test", flags);
    }

    private static EnvInputs inputs(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--image", IMAGE));
        arguments.addAll(List.of(more));
        return CommandLine.populateCommand(new EnvInputs(), arguments.toArray(String[]::new));
    }
}
