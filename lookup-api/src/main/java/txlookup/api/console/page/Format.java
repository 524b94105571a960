package txlookup.api.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** How pages write times, spans, numbers and addresses. */
record Format(Locale language) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** To the millisecond where there is a fraction; the whole of it is in the element's {@code datetime}. */
    public String utc(Instant time) {
        String text = CLOCK.format(time);
        long millis = Math.floorMod(time.toEpochMilli(), 1_000L);
        return millis == 0 ? text : "%s.%03d".formatted(text, millis);
    }

    /** The two greatest units, as {@code 2 d 3 h}; seconds with a fraction below ten. */
    public String span(Duration duration) {
        Duration span = duration.abs();
        boolean korean = language.getLanguage().equals("ko");
        if (span.toMillis() < 1_000) {
            return span.toMillis() + (korean ? "밀리초" : " ms");
        }
        if (span.toSeconds() < 10) {
            return "%.1f".formatted(span.toMillis() / 1_000.0) + (korean ? "초" : " s");
        }
        if (span.toSeconds() < 60) {
            return span.toSeconds() + (korean ? "초" : " s");
        }
        if (span.toMinutes() < 60) {
            return two(span.toMinutes(), korean ? "분" : " min", span.toSecondsPart(), korean ? "초" : " s");
        }
        if (span.toHours() < 24) {
            return two(span.toHours(), korean ? "시간" : " h", span.toMinutesPart(), korean ? "분" : " min");
        }
        return two(span.toDays(), korean ? "일" : " d", span.toHoursPart(), korean ? "시간" : " h");
    }

    public String between(Instant from, Instant to) {
        return span(Duration.between(from, to));
    }

    public String seconds(long seconds) {
        return span(Duration.ofSeconds(seconds));
    }

    public String millis(long millis) {
        return span(Duration.ofMillis(millis));
    }

    public String count(long number) {
        return NumberFormat.getIntegerInstance(language).format(number);
    }

    /** Grouped for reading, with every digit that is stored. */
    public String amount(@Nullable String stored) {
        if (stored == null) {
            return "";
        }
        int point = stored.indexOf('.');
        int start = stored.startsWith("-") ? 1 : 0;
        String whole = stored.substring(start, point < 0 ? stored.length() : point);
        StringBuilder grouped = new StringBuilder(whole.length() * 4 / 3 + 1);
        for (int at = 0; at < whole.length(); at++) {
            if (at > 0 && (whole.length() - at) % 3 == 0) {
                grouped.append(',');
            }
            grouped.append(whole.charAt(at));
        }
        return (start == 1 ? "\u2212" : "") + grouped + (point < 0 ? "" : stored.substring(point));
    }

    public String difference(BigDecimal amount) {
        return (amount.signum() > 0 ? "+" : "") + amount(amount.toPlainString());
    }

    /** The id as one segment of a path or one value of a query. */
    public String segment(String id) {
        return UriUtils.encode(id, UTF_8);
    }

    private static String two(long greater, String greaterUnit, int lesser, String lesserUnit) {
        return greater + greaterUnit + (lesser == 0 ? "" : " " + lesser + lesserUnit);
    }
}
