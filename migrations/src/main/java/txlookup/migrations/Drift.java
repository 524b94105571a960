package txlookup.migrations;

import java.util.List;

/**
 * A schema that is not as the last migration left it.
 *
 * @param parts what differs: the parts of {@link CatalogDigest}
 */
public record Drift(String schema, List<String> parts) {
    public Drift {
        parts = List.copyOf(parts);
    }

    /** What was seen, and what to do. */
    public String message() {
        return "Schema %s is not as the last migration left it: its %s differ. Take the change back; or, when it is meant, write it down with \"txlookup migrate --accept-drift\"."
                .formatted(schema, String.join(", ", parts));
    }
}
