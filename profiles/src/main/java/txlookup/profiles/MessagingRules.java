package txlookup.profiles;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.profiles.settings.MessagingSecurity;

/** How the Kafka settings bind each other, and what Event Hubs demands of them (docs/azure-facts.md, C). */
final class MessagingRules {

    private static final String CLIENT = "messaging.client.";
    private static final String SESSION = CLIENT + "session.timeout.ms";
    private static final long AZURE_IDLE_MS = 240_000;
    private static final long AZURE_LEAST_REQUEST_TIMEOUT_MS = 20_000;
    private static final long AZURE_LARGEST_REQUEST_BYTES = 1_046_528;
    private static final int LARGEST_PORT = 65_535;
    private static final int HEARTBEATS_IN_A_SESSION = 3;

    private final Settings settings;

    MessagingRules(Settings settings) {
        this.settings = settings;
    }

    void check() {
        checkPorts();
        Optional<Long> session = settings.integer(SESSION);
        Optional<Long> poll = settings.integer(CLIENT + "max.poll.interval.ms");
        if (session.isPresent() && poll.isPresent() && session.get() >= poll.get()) {
            settings.refuse(SESSION, "less than max.poll.interval.ms, which is " + poll.get());
        }
        Optional<Long> heartbeat = settings.integer(CLIENT + "heartbeat.interval.ms");
        if (session.isPresent() && heartbeat.isPresent() && heartbeat.get() * HEARTBEATS_IN_A_SESSION > session.get()) {
            settings.refuse(
                    CLIENT + "heartbeat.interval.ms",
                    "at most a third of session.timeout.ms, which is " + session.get());
        }
        if (settings.text("messaging.security")
                .map(MessagingSecurity::valueOf)
                .filter(MessagingSecurity::isEventHubs)
                .isPresent()) {
            checkEventHubs();
        }
        settings.text("messaging.security")
                .map(MessagingSecurity::valueOf)
                .filter(MessagingSecurity::isByPassword)
                .ifPresent(this::checkLogin);
    }

    private void checkLogin(MessagingSecurity security) {
        String why = ", since messaging.security is " + security;
        if (settings.text("messaging.bootstrapServers").isEmpty()) {
            settings.missing("messaging.bootstrapServers", "the address of another Kafka" + why);
        }
        if (settings.text("messaging.user").isEmpty()) {
            settings.missing("messaging.user", "who logs in" + why);
        }
    }

    private void checkPorts() {
        String path = "messaging.bootstrapServers";
        boolean impossible = settings.text(path).stream()
                .flatMap(servers -> Stream.of(servers.split(",")))
                .mapToInt(server -> Integer.parseInt(server.substring(server.lastIndexOf(':') + 1)))
                .anyMatch(port -> port < 1 || port > LARGEST_PORT);
        if (impossible) {
            settings.refuse(path, "ports from 1 to " + LARGEST_PORT);
        }
    }

    private void checkEventHubs() {
        below(CLIENT + "metadata.max.age.ms", AZURE_IDLE_MS);
        below(CLIENT + "connections.max.idle.ms", AZURE_IDLE_MS);
        below("messaging.producer.max.request.size", AZURE_LARGEST_REQUEST_BYTES);
        String timeout = CLIENT + "request.timeout.ms";
        if (settings.integer(timeout)
                .filter(value -> value <= AZURE_LEAST_REQUEST_TIMEOUT_MS)
                .isPresent()) {
            settings.refuse(timeout, "more than %d with Event Hubs".formatted(AZURE_LEAST_REQUEST_TIMEOUT_MS));
        }
        allowed(CLIENT + "group.protocol", List.of("classic"));
        allowed("messaging.producer.compression.type", List.of("none", "gzip"));
    }

    private void below(String path, long limit) {
        if (settings.integer(path).filter(value -> value >= limit).isPresent()) {
            settings.refuse(path, "less than %d with Event Hubs".formatted(limit));
        }
    }

    private void allowed(String path, List<String> values) {
        if (settings.text(path).filter(value -> !values.contains(value)).isPresent()) {
            settings.refuse(path, String.join(" or ", values) + " with Event Hubs");
        }
    }
}
