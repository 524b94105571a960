package txlookup.apply.decode;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter.Reason;

/**
 * One contract field: the members it may stand in, in order of preference. Aliases must agree where several are there;
 * a fallback is asked only where no alias is, and may differ from it (docs/contract.md, {@code created_at}).
 */
final class Field<T> {
    /** Makes a member's JSON value the field's; null for a value that counts as missing. */
    interface Parser<T> {
        @Nullable
        T parse(String member, JsonValue value);
    }

    private final EventReader reader;
    private final String name;
    private final List<String> aliases;
    private final List<String> fallbacks;
    private final int[] slots;
    private final Parser<T> parser;
    private final Comparator<T> sameness;

    Field(
            EventReader reader,
            String name,
            List<String> aliases,
            List<String> fallbacks,
            Parser<T> parser,
            Comparator<T> sameness) {
        this.reader = reader;
        this.name = name;
        this.aliases = aliases;
        this.fallbacks = fallbacks;
        this.parser = parser;
        this.sameness = sameness;
        slots = new int[aliases.size() + fallbacks.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = reader.slotOf(member(i));
        }
    }

    T required() {
        T value = optional();
        if (value == null) {
            throw Refusal.parseError("%s: required, and missing".formatted(name));
        }
        return value;
    }

    @Nullable
    T optional() {
        T value = null;
        int from = 0;
        for (int i = 0; i < aliases.size(); i++) {
            T alias = parsed(i);
            if (value == null) {
                value = alias;
                from = i;
            } else if (alias != null && sameness.compare(value, alias) != 0) {
                throw new Refusal(
                        Reason.CONTRACT_CORE_VIOLATION,
                        "%s: %s is %s and %s is %s".formatted(name, member(from), value, member(i), alias));
            }
        }
        for (int i = aliases.size(); value == null && i < slots.length; i++) {
            value = parsed(i);
        }
        return value;
    }

    private @Nullable T parsed(int member) {
        JsonValue value = reader.value(slots[member]);
        return value == null ? null : parser.parse(member(member), value);
    }

    private String member(int i) {
        return i < aliases.size() ? aliases.get(i) : fallbacks.get(i - aliases.size());
    }
}
