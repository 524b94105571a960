package txlookup.azure.fake;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.network.ClosedDoor;

/**
 * What is in a private network is told to those outside under an address that leads nowhere: a server in a delegated subnet
 * (postgresql/network/concepts-networking-private), a namespace whose publicNetworkAccess is Disabled
 * (event-hubs/private-link-service), and an app of an environment whose vnetConfiguration is internal
 * (container-apps/networking). Who asks from inside is told the true one.
 */
final class FakeNetwork {
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final String CLOSED = "Disabled";

    private final FakeState state;
    private final ClosedDoor door;

    FakeNetwork(FakeState state) throws IOException {
        this.state = state;
        this.door = new ClosedDoor();
    }

    /** How often somebody outside tried to reach what is in a private network. */
    int knocks() {
        return door.knocks();
    }

    /** The answer as it is outside. */
    FakeAnswer fromOutside(FakeAnswer answer) {
        Set<String> hidden = hidden();
        return hidden.isEmpty()
                ? answer
                : answer.withBody(ADDRESS.matcher(answer.body())
                        .replaceAll(found -> hidden.contains(found.group()) ? door.address() : found.group()));
    }

    private Set<String> hidden() {
        Set<String> hidden = new HashSet<>();
        Stream.concat(state.resources.values().stream(), state.children.values().stream())
                .filter(this::isPrivate)
                .flatMap(FakeNetwork::addresses)
                .forEach(address -> {
                    Matcher found = ADDRESS.matcher(address);
                    while (found.find()) {
                        hidden.add(found.group());
                    }
                });
        return hidden;
    }

    private boolean isPrivate(ObjectNode resource) {
        JsonNode properties = resource.path("properties");
        return switch (resource.path("type").asString("").toLowerCase(Locale.ROOT)) {
            case "microsoft.dbforpostgresql/flexibleservers" -> isClosed(properties.path("network"));
            case "microsoft.eventhub/namespaces" -> isClosed(properties);
            case "microsoft.app/containerapps" -> isInternal(properties);
            case "microsoft.app/containerapps/revisions" -> isInternal(ofApp(resource));
            default -> false;
        };
    }

    private static boolean isClosed(JsonNode properties) {
        return properties.path("publicNetworkAccess").asString("").equals(CLOSED);
    }

    private JsonNode ofApp(ObjectNode revision) {
        String id = revision.path("id").asString("");
        ObjectNode app = state.find(id.substring(0, id.toLowerCase(Locale.ROOT).indexOf("/revisions/")));
        return app == null ? revision.path("none") : app.path("properties");
    }

    private boolean isInternal(JsonNode app) {
        ObjectNode environment = state.find(app.path("environmentId").asString(""));
        return environment != null
                && environment.at("/properties/vnetConfiguration/internal").asBoolean(false);
    }

    private static Stream<String> addresses(ObjectNode resource) {
        return Stream.of(
                        "/properties/fullyQualifiedDomainName",
                        "/properties/serviceBusEndpoint",
                        "/properties/fqdn",
                        "/properties/configuration/ingress/fqdn")
                .map(path -> resource.at(path).asString(""));
    }

    void close() throws IOException {
        door.close();
    }
}
