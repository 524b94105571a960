package txlookup.profiles.events;

import java.util.List;
import java.util.Objects;

/**
 * How one field of the contract is found in a source's event.
 *
 * @param name the contract's name of the field, such as {@code event_time}
 * @param type how its value is read
 * @param required whether an event without it is refused; default false
 * @param aliases the source names that carry it, in order; two of them present with different values are a conflict.
 *     Default: its own name alone. Empty when the source never sends it.
 * @param fallbacks source names that stand in, in order, only where every alias is absent; they are never a conflict.
 *     Default: none
 * @param timeUnit what a JSON integer means where {@code type} is {@link FieldType#TIME}, for aliases and fallbacks
 *     alike; {@link SourceTimeUnit#ISO} otherwise
 */
public record EventField(
        String name,
        FieldType type,
        boolean required,
        List<String> aliases,
        List<String> fallbacks,
        SourceTimeUnit timeUnit) {

    public EventField {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        aliases = List.copyOf(aliases);
        fallbacks = List.copyOf(fallbacks);
        Objects.requireNonNull(timeUnit, "timeUnit");
    }
}
