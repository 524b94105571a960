package txlookup.azure.fake;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a subscription says of itself before anything is made in it: rights, names, quotas. */
final class FakeReadiness {
    private static final Pattern AVAILABILITY = Pattern.compile(".*/providers/([^/]+)/checknameavailability");
    private static final Pattern USAGES = Pattern.compile(".*/providers/microsoft.app/locations/[^/]+/usages");

    private final FakeState state;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> unregistered = new HashSet<>();
    private List<String> actions = List.of("*");
    private int environments;

    FakeReadiness(FakeState state) {
        this.state = state;
    }

    void taken(String name) {
        taken.add(name);
    }

    void unregister(String namespace) {
        unregistered.add(namespace.toLowerCase(Locale.ROOT));
    }

    void allow(List<String> only) {
        actions = List.copyOf(only);
    }

    void environments(int others) {
        environments = others;
    }

    boolean isRegistered(String namespace) {
        return !unregistered.contains(namespace.toLowerCase(Locale.ROOT));
    }

    Optional<FakeAnswer> read(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.endsWith("/providers/microsoft.authorization/permissions")) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ObjectNode role = body.putArray("value").addObject();
            ArrayNode allowed = role.putArray("actions");
            actions.forEach(allowed::add);
            role.putArray("notActions");
            return Optional.of(FakeAnswer.of(200, body));
        }
        if (USAGES.matcher(lower).matches()) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ObjectNode usage = body.putArray("value")
                    .addObject()
                    .put("currentValue", environments)
                    .put("limit", 15);
            usage.putObject("name").put("value", "ManagedEnvironmentCount");
            return Optional.of(FakeAnswer.of(200, body));
        }
        return Optional.empty();
    }

    Optional<FakeAnswer> post(String path, @Nullable ObjectNode body) {
        Matcher asked = AVAILABILITY.matcher(path.toLowerCase(Locale.ROOT));
        if (!asked.matches() || body == null) {
            return Optional.empty();
        }
        String name = body.path("name").asString("");
        boolean held = taken.contains(name)
                || state.deletedVaults.values().stream()
                        .anyMatch(one -> one.path("name").asString("").equalsIgnoreCase(name))
                || state.resources.keySet().stream()
                        .anyMatch(id -> id.contains("/providers/" + asked.group(1) + "/")
                                && id.endsWith("/" + name.toLowerCase(Locale.ROOT)));
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("nameAvailable", !held);
        if (held) {
            answer.put("reason", "AlreadyExists").put("message", "The name '%s' is already in use.".formatted(name));
        }
        return Optional.of(FakeAnswer.of(200, answer));
    }
}
