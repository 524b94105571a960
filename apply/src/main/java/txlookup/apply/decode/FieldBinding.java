package txlookup.apply.decode;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import txlookup.profiles.events.EventField;
import txlookup.profiles.events.EventFields;

/** Binds contract fields, each with its type, to the members that an event profile reads them from. */
final class FieldBinding {
    private final EventReader reader;
    private final EventFields rules;

    FieldBinding(EventReader reader, EventFields rules) {
        this.reader = reader;
        this.rules = rules;
    }

    Field<String> text(String name) {
        return field(name, TextValue::parse);
    }

    Field<String> identifier(String name) {
        return field(name, TextValue::parseIdentifier);
    }

    Field<BigDecimal> decimal(String name) {
        return field(name, DecimalValue::parse);
    }

    Field<Long> integer(String name) {
        return field(name, IntegerValue::parse);
    }

    Field<Instant> time(String name) {
        return switch (rules.field(name).timeUnit()) {
            case ISO -> field(name, TimeValue::parse);
            case EPOCH_MILLIS -> field(name, (member, value) -> epoch(member, value, 1000));
            case EPOCH_MICROS -> field(name, (member, value) -> epoch(member, value, 1));
        };
    }

    private static Instant epoch(String member, JsonValue value, long micros) {
        if (value.kind() != JsonValue.Kind.INTEGER) {
            return TimeValue.parse(member, value);
        }
        Long count = IntegerValue.parse(member, value);
        try {
            return TimeValue.ofEpochMicros(member, value, Math.multiplyExact(count, micros));
        } catch (ArithmeticException e) {
            throw Refusal.outOfRange("%s: outside the years 0001 to 9999: %s".formatted(member, value.shown()));
        }
    }

    private <T extends Comparable<? super T>> Field<T> field(String name, Field.Parser<T> parser) {
        EventField rule = rules.field(name);
        return new Field<>(reader, name, rule.aliases(), rule.fallbacks(), parser, Comparator.naturalOrder());
    }
}
