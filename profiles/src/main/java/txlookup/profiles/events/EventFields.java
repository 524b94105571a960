package txlookup.profiles.events;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every field that the contract knows for one entity (docs/contract.md, "Ledger entry", "Payment order").
 *
 * @param byName the fields by the contract's name, in the profile's order; always all of them
 */
public record EventFields(Map<String, EventField> byName) {

    public EventFields {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /**
     * The field of that name.
     *
     * @throws IllegalArgumentException when the contract has no such field
     */
    public EventField field(String name) {
        EventField field = byName.get(name);
        if (field == null) {
            throw new IllegalArgumentException(
                    "the contract has no field %s here; it has %s".formatted(name, byName.keySet()));
        }
        return field;
    }

    /** All fields, in the profile's order. */
    public Collection<EventField> all() {
        return byName.values();
    }
}
