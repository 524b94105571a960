package txlookup.azure.fake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.inventory.AzureKind;

/** What a client asks before it asks for resources: tenants, subscriptions, and what a provider offers. */
final class FakeDirectory {
    /** The tenant of the fake's only subscription. */
    static final String TENANT = "99999999-2222-3333-4444-555555555555";

    private static final String SUBSCRIPTION = "/subscriptions/" + FakeAzure.SUBSCRIPTION;
    private static final Pattern PROVIDER = Pattern.compile(SUBSCRIPTION + "/providers/(microsoft\\.[a-z]+)");

    private FakeDirectory() {}

    /** The answer to such a question; empty when the path asks for something else. */
    static Optional<FakeAnswer> answer(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.equals("/tenants")) {
            return Optional.of(list(tenant()));
        }
        if (lower.equals("/subscriptions")) {
            return Optional.of(list(subscription()));
        }
        if (lower.equals(SUBSCRIPTION)) {
            return Optional.of(FakeAnswer.of(200, subscription()));
        }
        Matcher provider = PROVIDER.matcher(lower);
        return provider.matches() ? provider(provider.group(1)) : Optional.empty();
    }

    private static ObjectNode tenant() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", "/tenants/" + TENANT)
                .put("tenantId", TENANT)
                .put("displayName", "Practice (fake)");
    }

    private static ObjectNode subscription() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", SUBSCRIPTION)
                .put("subscriptionId", FakeAzure.SUBSCRIPTION)
                .put("tenantId", TENANT)
                .put("displayName", "Practice (fake)")
                .put("state", "Enabled");
    }

    private static Optional<FakeAnswer> provider(String namespace) {
        Map<String, String> versions = new TreeMap<>();
        String spelt = namespace;
        for (AzureKind kind : AzureKind.values()) {
            if (kind.type().toLowerCase(Locale.ROOT).startsWith(namespace + "/")) {
                spelt = kind.type().substring(0, kind.type().indexOf('/'));
                versions.put(kind.type().substring(spelt.length() + 1), kind.apiVersion());
            }
        }
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("id", SUBSCRIPTION + "/providers/" + spelt)
                .put("namespace", spelt)
                .put("registrationState", "Registered");
        var types = body.putArray("resourceTypes");
        versions.forEach((type, version) -> {
            ObjectNode one = types.addObject().put("resourceType", type);
            one.putArray("locations").add("Korea Central");
            one.putArray("apiVersions").add(version);
        });
        return Optional.of(FakeAnswer.of(200, body));
    }

    private static FakeAnswer list(ObjectNode only) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("value").add(only);
        return FakeAnswer.of(200, body);
    }

    /** All kinds' types by their lower-case spelling. */
    static Optional<String> spelling(String foldedType) {
        return Arrays.stream(AzureKind.values())
                .map(AzureKind::type)
                .filter(type -> type.equalsIgnoreCase(foldedType))
                .findFirst();
    }
}
