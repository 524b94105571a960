package txlookup.guarantee.stream;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One event's fields by docs/contract.md's table of types: the oracle's own reading of it, shared with nothing in the
 * product.
 */
public final class Values {
    /** Why a record is refused, by the contract's name of the reason. */
    public static final class Refused extends RuntimeException {
        public Refused(String reason) {
            super(reason);
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private final JsonNode object;

    public Values(byte @Nullable [] value) {
        if (value == null) {
            throw new Refused("tombstone");
        }
        try {
            object = JSON.readTree(value);
        } catch (JacksonException e) {
            throw new Refused("parse_error");
        }
        require(object.isObject(), "parse_error");
    }

    @Nullable
    public String text(String... aliases) {
        return field(Values::text, aliases);
    }

    @Nullable
    public BigDecimal decimal(String... aliases) {
        return field(Values::decimal, aliases);
    }

    @Nullable
    public Long integer(String... aliases) {
        return field(Values::integer, aliases);
    }

    @Nullable
    public Instant time(String... aliases) {
        return field(Values::time, aliases);
    }

    public static <T> T required(@Nullable T value) {
        require(value != null, "parse_error");
        return value;
    }

    private <T> @Nullable T field(Function<JsonNode, @Nullable T> type, String... aliases) {
        T found = null;
        for (String alias : aliases) {
            JsonNode node = object.get(alias);
            T value = node == null || node.isNull() ? null : type.apply(node);
            require(found == null || value == null || found.equals(value), "contract_core_violation");
            found = found == null ? value : found;
        }
        return found;
    }

    private static @Nullable String text(JsonNode node) {
        require(node.isString() || node.isNumber(), "parse_error");
        String text = node.asString().strip();
        require(
                text.indexOf(0) < 0 && text.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000),
                "value_out_of_range");
        require(text.length() <= 1000 && !text.equals(Poison.REFUSED_BY_THE_STORE), "value_out_of_range");
        return text.isEmpty() ? null : text;
    }

    private static BigDecimal decimal(JsonNode node) {
        require(node.isString() || node.isNumber(), "parse_error");
        BigDecimal decimal;
        try {
            decimal = node.isNumber() ? node.decimalValue() : new BigDecimal(node.stringValue());
        } catch (NumberFormatException e) {
            throw new Refused("parse_error");
        }
        if (decimal.signum() == 0 && decimal.scale() < 0) {
            return BigDecimal.ZERO;
        }
        long writtenOut = Math.max((long) decimal.precision() - decimal.scale(), 1) + Math.max(decimal.scale(), 0);
        require(writtenOut <= 1_000, "value_out_of_range");
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    private static Long integer(JsonNode node) {
        require(node.isIntegralNumber() || node.isString(), "parse_error");
        require(node.asString().matches("[+-]?[0-9]+"), "parse_error");
        try {
            return Long.valueOf(node.asString());
        } catch (NumberFormatException e) {
            throw new Refused("value_out_of_range");
        }
    }

    private static Instant time(JsonNode node) {
        require(node.isString(), "parse_error");
        OffsetDateTime time;
        try {
            time = OffsetDateTime.parse(node.stringValue(), TIME);
        } catch (java.time.DateTimeException e) {
            throw new Refused("parse_error");
        }
        require(time.withOffsetSameInstant(ZoneOffset.UTC).getYear() <= 9999, "value_out_of_range");
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(otherwise);
        }
    }
}
