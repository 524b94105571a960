package txlookup.profiles.events;

import java.util.List;

/**
 * The way from a JSON object down to an object inside it.
 *
 * @param names the property names to follow, outermost first; never empty
 */
public record FieldPath(List<String> names) {

    public FieldPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a field path needs names that are not blank, but has " + names);
        }
    }

    /** Reads {@code payload.after} as two names. */
    public static FieldPath parse(String dotted) {
        return new FieldPath(List.of(dotted.split("\\.", -1)));
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
