package txlookup.schemacheck.observe;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of the catalogue.
 *
 * @param id stays the same when it is renamed
 * @param table that it belongs to, by its oid; 0 without one
 * @param traits what {@link Catalog} says of it, by name; a trait that does not hold is absent
 */
public record CatalogObject(ObjectKind kind, String id, long table, String name, Map<String, String> traits) {
    /** What it says of that; null where the trait does not hold. */
    public @Nullable String trait(String name) {
        return traits.get(name);
    }

    /** Whether the trait holds. */
    public boolean has(String name) {
        return traits.containsKey(name);
    }

    boolean isRelation() {
        return kind == ObjectKind.TABLE || kind == ObjectKind.MATERIALIZED_VIEW || kind == ObjectKind.VIEW;
    }
}
