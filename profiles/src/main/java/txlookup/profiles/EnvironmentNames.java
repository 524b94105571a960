package txlookup.profiles;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which environment variable stands for which property: {@code TXLOOKUP_}, then the path in capitals, an underscore for
 * every dot and hyphen and before every inner capital. {@code database.port} is {@code TXLOOKUP_DATABASE_PORT},
 * {@code api.auth.jwksUri} is {@code TXLOOKUP_API_AUTH_JWKS_URI}.
 */
final class EnvironmentNames {

    static final String PREFIX = "TXLOOKUP_";

    /** Short forms of the two inputs that every cloud environment needs. */
    static final Map<String, String> SHORT_FORMS =
            Map.of(PREFIX + "OWNER", "naming.owner", PREFIX + "ENV", "naming.env");

    /** Variables with our prefix that are not properties: for starting the program, and the usual names of secrets. */
    static final Set<String> OF_THE_PROCESS = Set.of(
            PREFIX + "HOME",
            PREFIX + "JAVA",
            PREFIX + "JAVA_OPTS",
            PREFIX + "PROFILE",
            PREFIX + "BROKER_LIB",
            PREFIX + "ISSUER_LIB",
            PREFIX + "KAFKA_CLIENT",
            PREFIX + "LOG",
            PREFIX + "GIT_SHA",
            PREFIX + "REGISTRY_USER",
            PREFIX + "REGISTRY_PASSWORD",
            PREFIX + "GATE_TOKEN",
            PREFIX + "BLOB_KEY",
            PREFIX + "DATABASE_PASSWORD",
            PREFIX + "EVENT_HUBS_CONNECTION_STRING",
            PREFIX + "KAFKA_PASSWORD",
            PREFIX + "BACKFILL_PASSWORD",
            PREFIX + "CURSOR_SECRET");

    private EnvironmentNames() {}

    /** The variable of the property at that path. */
    static String of(List<String> segments) {
        return segments.stream()
                .map(segment -> segment.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replaceAll("[.-]", "_"))
                .collect(Collectors.joining("_", PREFIX, ""))
                .toUpperCase(Locale.ROOT);
    }
}
