package txlookup.debezium;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random values that are hard on whoever carries them from one system to another. */
record HardValues(Random random) {
    private static final List<String> STATUSES =
            List.of("PENDING", "AUTHORIZED", "Settled", "PAID", "FAILED", "canceled", "On hold \u2013 2nd check");

    private static final List<String> MERCHANTS = List.of(
            "Plain & Sons",
            "\uce74\ud398 \uc11c\uc6b8 \u2615 \"\uc77c\ud638\uc810\"",
            "Zoe\u0308's \\ back/slash\tand\nnew line",
            "\ud83d\udc69\ud83c\udffd\u200d\ud83d\udcbb \u0645\u062a\u062c\u0631 \u2028 \u2029 end",
            "\u0001 control & <html> ${dollar} 'quote'");

    String status() {
        return pick(STATUSES);
    }

    /** Sometimes none. */
    @Nullable
    String merchantName() {
        int kind = random.nextInt(12);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return longText();
        }
        return pick(MERCHANTS);
    }

    /** Too long and too irregular to stay in its row. */
    private String longText() {
        StringBuilder text = new StringBuilder();
        while (text.length() < 6_000) {
            text.append(Long.toString(random.nextLong() & Long.MAX_VALUE, Character.MAX_RADIX));
        }
        return text.toString();
    }

    /** Any scale, which the column keeps; zeros at the end included. */
    BigDecimal amount() {
        return switch (random.nextInt(5)) {
            case 0 -> new BigDecimal(BigInteger.valueOf(random.nextInt(3)), random.nextInt(4));
            case 1 -> new BigDecimal(new BigInteger(90, random), 15);
            case 2 -> BigDecimal.valueOf(random.nextInt(1_000_000), 2);
            case 3 -> new BigDecimal(BigInteger.ONE, 12);
            default -> BigDecimal.valueOf(random.nextInt(1_000) * 1_000L);
        };
    }

    /** The column makes eight digits of it, whatever its scale. */
    BigDecimal amountOfEightDigits() {
        return switch (random.nextInt(5)) {
            case 0 -> BigDecimal.ZERO;
            case 1 -> new BigDecimal(new BigInteger(98, random), 8);
            case 2 -> new BigDecimal(BigInteger.ONE, 8);
            default -> BigDecimal.valueOf(random.nextInt(1_000_000), 2);
        };
    }

    private static OffsetDateTime at(int year, int month, int day, int micros) {
        return OffsetDateTime.of(year, month, day, 23, 59, 59, micros * 1000, ZoneOffset.UTC);
    }

    OffsetDateTime time() {
        return switch (random.nextInt(12)) {
            case 0 -> at(1969, 12, 31, 999_999);
            case 1 -> at(2299, 12, 31, 1); // nanoseconds since 1970 end in 2262
            case 2 -> at(1912, 6, 30, 0); // Seoul was at +08:27:52 then
            case 3 -> LocalDateTime.of(2026, 2, 5, 1, 0).atOffset(ZoneOffset.UTC);
            default -> someDaysAgo();
        };
    }

    OffsetDateTime someDaysAgo() {
        return at(2026, 1, 1 + random.nextInt(28), random.nextInt(1_000_000)).minusSeconds(random.nextInt(86_400));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
