package txlookup.local.containers;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.testcontainers.azure.AzuriteContainer;
import org.testcontainers.azure.EventHubsEmulatorContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import txlookup.local.testing.TestEventHubs;

/**
 * Microsoft's emulator of Event Hubs, with the storage that it needs beside it. Its hubs and groups stand in a file that
 * it reads at its start; its limits are 10 hubs of 32 partitions and 20 groups. Sources: the emulator's overview in
 * Azure's documentation, and Azure/azure-event-hubs-emulator-installer.
 */
final class EventHubsEmulator {
    private static final int KAFKA_PORT = 9092;
    // The emulator's documentation gives this key for every installation.
    private static final String CONNECTION_STRING =
            "Endpoint=sb://localhost:%d;SharedAccessKeyName=RootManageSharedAccessKey;"
                    + "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"$ConnectionString\" password=\"%s\";";

    private EventHubsEmulator() {}

    @SuppressWarnings("resource") // Testcontainers ends them with the JVM
    static TestEventHubs start(Map<String, Integer> hubs, Set<String> groups) {
        Network network = Network.newNetwork();
        AzuriteContainer storage = new AzuriteContainer(ContainerServers.image("azurite")).withNetwork(network);
        EventHubsEmulatorContainer emulator = new EventHubsEmulatorContainer(ContainerServers.image("event-hubs"))
                .acceptLicense()
                .withNetwork(network)
                .withConfig(Transferable.of(configuration(hubs, groups)))
                .withAzuriteContainer(storage);
        emulator.addExposedPort(KAFKA_PORT);
        emulator.start();
        return new TestEventHubs(client(emulator.getMappedPort(KAFKA_PORT)));
    }

    static String configuration(Map<String, Integer> hubs, Set<String> groups) {
        List<String> named = new TreeSet<>(groups)
                .stream().map("{\"Name\": \"%s\"}"::formatted).toList();
        String entities = new TreeMap<>(hubs)
                .entrySet().stream()
                        .map(hub -> "{\"Name\": \"%s\", \"PartitionCount\": \"%d\", \"ConsumerGroups\": [%s]}"
                                .formatted(hub.getKey(), hub.getValue(), String.join(", ", named)))
                        .collect(Collectors.joining(",\n        "));
        return """
                {"UserConfig": {
                    "NamespaceConfig": [{
                        "Type": "EventHub",
                        "Name": "emulatorNs1",
                        "Entities": [
                        %s
                        ]
                    }],
                    "LoggingConfig": {"Type": "Console"}
                }}
                """.formatted(entities);
    }

    /** The emulator sends clients on to the port in the connection string that they log in with. */
    static Map<String, Object> client(int port) {
        return Map.of(
                "bootstrap.servers",
                "localhost:" + port,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN.formatted(CONNECTION_STRING.formatted(port)));
    }
}
