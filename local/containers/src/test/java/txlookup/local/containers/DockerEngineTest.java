package txlookup.local.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {
    @TempDir
    private Path folder;

    @Test
    void aMachineWithoutAnyTraceOfAnEngineIsNotAskedForOne() {
        assertThat(noTrace(Map.of()))
                .contains("there is no Docker engine (no DOCKER_HOST, no %s)".formatted(folder.resolve("docker.sock")));
    }

    @Test
    void aSocketAnAddressOrASettingIsATrace() throws Exception {
        assertThat(noTrace(Map.of("DOCKER_HOST", "unix:///run/podman.sock"))).isEmpty();
        Path settings = Files.createFile(folder.resolve("settings"));
        assertThat(noTrace(Map.of())).isEmpty();
        Files.delete(settings);
        Files.createFile(folder.resolve("docker.sock"));
        assertThat(noTrace(Map.of())).isEmpty();
    }

    @Test
    void anEngineOnAnotherMachineIsOfNoUse() {
        assertThat(DockerEngine.elsewhere("localhost")).isEmpty();
        assertThat(DockerEngine.elsewhere("192.0.2.7"))
                .contains("the Docker engine is on 192.0.2.7, and not on this machine");
    }

    private Optional<String> noTrace(Map<String, String> environment) {
        return DockerEngine.noTrace(environment, List.of(folder.resolve("docker.sock")), folder.resolve("settings"));
    }
}
