package txlookup.local.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import txlookup.local.testing.ServerSource;

class ContainerServersTest {
    @Test
    void testsFindThemOnTheClassPath() {
        assertThat(ServiceLoader.load(ServerSource.class))
                .singleElement()
                .isInstanceOf(ContainerServers.class)
                .returns("containers", ServerSource::name);
    }

    @Test
    void imagesHaveTheVersionsOfTheEmbeddedServers() {
        assertThat(ContainerServers.image("postgres")).matches("postgres:\\d+\\.\\d+");
        assertThat(ContainerServers.image("kafka")).matches("apache/kafka:\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void emulatorsHaveAVersionOfTheirOwn() {
        assertThat(ContainerServers.image("azurite")).matches("mcr[.a-z/-]+/azurite:\\d+\\.\\d+\\.\\d+");
        assertThat(ContainerServers.image("event-hubs")).matches("mcr[.a-z/-]+/eventhubs-emulator:\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void settingsAreGivenToTheServerAsItsCommand() {
        assertThat(ContainerServers.command(Map.of("max_connections", "200", "fsync", "off")))
                .containsExactly("postgres", "-c", "fsync=off", "-c", "max_connections=200");
    }
}
