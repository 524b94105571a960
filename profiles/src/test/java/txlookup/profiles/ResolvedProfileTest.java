package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.profiles.schema.ProfileException;

/** What one process was told is what another one reads. */
class ResolvedProfileTest {
    private static final Map<String, String> FLAGS =
            Map.of("owner", "kim", "env", "dev", "naming.ttl", "2026-12-31", "api.limits.burst", "77");

    @TempDir
    private Path folder;

    @Test
    void theTextLoadsAsTheSameProfileWithoutVariablesAndFlags() throws Exception {
        ResolvedProfile resolved =
                new ProfileLoader(Path.of(""), Map.of("TXLOOKUP_API_PORT", "8099")).resolve("cloud-test", FLAGS);
        Path file = Files.writeString(folder.resolve("profile.yaml"), resolved.text());

        Profile read = new ProfileLoader(folder, Map.of()).load(file.toString(), Map.of());

        assertThat(read).usingRecursiveComparison().ignoringFields("origin").isEqualTo(resolved.profile());
        assertThat(read.api().port()).isEqualTo(8099);
    }

    @Test
    void anotherFileThanTheOneOfTheDigestIsRefused() throws Exception {
        ResolvedProfile resolved = new ProfileLoader(Path.of(""), Map.of()).resolve("cloud-test", FLAGS);
        Path file = Files.writeString(folder.resolve("profile.yaml"), resolved.text());
        ProfileLoader told = new ProfileLoader(folder, Map.of(ResolvedProfile.DIGEST, resolved.digest()));
        assertThat(told.load(file.toString(), Map.of()).naming().owner()).isEqualTo("kim");

        Files.writeString(file, resolved.text().replace("77", "78"));

        assertThatThrownBy(() -> told.load(file.toString(), Map.of()))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining(resolved.digest());
        assertThatThrownBy(() -> told.load("cloud-test", FLAGS)).isInstanceOf(ProfileException.class);
    }
}
