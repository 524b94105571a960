package txlookup.profiles;

import java.time.Duration;

/** Durations as profiles write them: a whole number directly followed by ms, s, m, h or d. */
public final class DurationText {

    private DurationText() {}

    /** @throws IllegalArgumentException for anything else */
    public static Duration parse(String text) {
        if (!text.matches("[0-9]{1,9}(ms|s|m|h|d)")) {
            throw new IllegalArgumentException(
                    "a duration is a whole number with ms, s, m, h or d, not \"" + text + "\"");
        }
        String digits = text.replaceAll("[^0-9]", "");
        long count = Long.parseLong(digits);
        return switch (text.substring(digits.length())) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
