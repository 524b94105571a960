package txlookup.fuzz.input;

import java.math.BigInteger;
import java.util.List;

/**
 * Values of which no list is kept: put together piece by piece, right or nearly right, and often at a limit. They are
 * JSON as it stands in the text, strings with their quotes.
 */
final class Composed {
    private static final List<BigInteger> LIMITS = List.of(
            BigInteger.TWO.pow(31),
            BigInteger.TWO.pow(32),
            BigInteger.TWO.pow(53),
            BigInteger.TWO.pow(63),
            BigInteger.TWO.pow(64),
            BigInteger.TWO.pow(127));

    /** Characters of 1 to 4 bytes in UTF-8, as they are and escaped. */
    private static final List<String> CHARACTERS =
            List.of("w", "é", "약", "😀", "\\u0077", "\\u00e9", "\\uc57d", "\\ud83d\\ude00");

    private static final List<Integer> BYTES = List.of(1, 2, 3, 4, 1, 2, 3, 4);
    private static final List<Integer> UTF_16_UNITS = List.of(1, 1, 1, 2, 1, 1, 1, 2);

    private final Choices choices;

    Composed(Choices choices) {
        this.choices = choices;
    }

    /** Of the kind that the contract wants in the member of this name. */
    String of(String name) {
        if (name.endsWith("_at") || name.endsWith("_time")) {
            return quoted(time());
        }
        if (name.startsWith("amount") || name.endsWith("version")) {
            return choices.oneIn(8) ? "null" : choices.oneIn(2) ? number() : quoted(number());
        }
        return text();
    }

    /** What another alias may say beside this: the same, the same in other letters, or a neighbour of it. */
    String besides(String value) {
        return switch (choices.below(4)) {
            case 0 -> value;
            case 1 -> inOtherCase(value);
            case 2 -> value.startsWith("\"") ? value.substring(1, value.length() - 1) : quoted(value);
            default -> value.replaceFirst("[0-9]", Integer.toString(choices.below(10)));
        };
    }

    /** One letter or all of them. */
    String inOtherCase(String text) {
        if (text.isEmpty()) {
            return text;
        }
        StringBuilder changed = new StringBuilder(text);
        boolean all = choices.oneIn(2);
        int from = all ? 0 : choices.below(text.length());
        for (int i = from; i < (all ? text.length() : from + 1); i++) {
            char c = text.charAt(i);
            changed.setCharAt(i, Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return changed.toString();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    String time() {
        int day = choices.oneIn(2) ? 28 + choices.below(5) : choices.below(32);
        StringBuilder time = new StringBuilder(year())
                .append('-')
                .append(twoDigits(1, 12))
                .append('-')
                .append(padded(day, 2))
                .append(choices.one(List.of("T", "T", "T", "t", " ", "_")))
                .append(twoDigits(0, 23))
                .append(':')
                .append(twoDigits(0, 59));
        if (!choices.oneIn(4)) {
            time.append(':').append(twoDigits(0, 59));
            if (choices.oneIn(2)) {
                time.append(choices.one(List.of(".", ".", ","))).append(digits(choices.below(13)));
            }
        }
        return time.append(zone()).toString();
    }

    private String year() {
        return switch (choices.below(8)) {
            case 0 -> padded(choices.below(10_000), 4);
            case 1 -> padded(100 * choices.below(100), 4);
            case 2 -> choices.one(List.of("0000", "0001", "9999", "10000", "+10000", "-0001", "+2026", "026", "-2024"));
            default -> Integer.toString(2000 + choices.below(40));
        };
    }

    private String zone() {
        return switch (choices.below(4)) {
            case 0 -> "";
            case 1 -> "Z";
            case 2 -> choices.one(List.of("z", "+00:00", "-00:00", "+18:00", "-18:00", "+18:01", "UTC"));
            default ->
                choices.one(List.of("+", "-"))
                        + twoDigits(0, 18)
                        + choices.one(List.of(":" + twoDigits(0, 59), twoDigits(0, 59), ""));
        };
    }

    String number() {
        String digits =
                switch (choices.below(8)) {
                    case 0, 1, 2 ->
                        (choices.oneIn(3) ? BigInteger.TEN.pow(choices.below(40)) : choices.one(LIMITS))
                                .add(BigInteger.valueOf(choices.below(5) - 2))
                                .abs()
                                .toString();
                    case 3 -> atTheMostDigits();
                    default -> digits(1 + choices.below(25));
                };
        int point = choices.oneIn(2) ? choices.below(digits.length() + 1) : digits.length();
        String number = point == digits.length() ? digits : digits.substring(0, point) + "." + digits.substring(point);
        number = number.startsWith(".") && !choices.oneIn(16) ? "0" + number : number;
        String sign = choices.oneIn(16) ? "+" : choices.oneIn(3) ? "-" : "";
        return sign + number + (choices.oneIn(3) ? exponent() : "");
    }

    /** The contract lets a decimal take 1,000 digits. */
    private String atTheMostDigits() {
        String some = digits(7);
        return some.repeat(150).substring(0, 996 + choices.below(9));
    }

    private String exponent() {
        return choices.one(List.of("e", "E"))
                + choices.one(List.of("", "+", "-"))
                + (choices.oneIn(4) ? 960 + choices.below(50) : choices.below(40));
    }

    /** Text whose length in bytes, in UTF-16 units or in code points is about a limit; spaces around count for none. */
    String text() {
        int which = choices.below(CHARACTERS.size());
        int weight = choices.one(List.of(BYTES.get(which), UTF_16_UNITS.get(which), 1));
        int count = choices.one(List.of(1, 250, 1000, 1000)) / weight - 1 + choices.below(3);
        String text = CHARACTERS.get(which).repeat(Math.max(count, 0)) + "w".repeat(choices.below(4));
        return quoted(choices.oneIn(4) ? " " + text + "\\t" : text);
    }

    /** From least to most; sometimes one less or one more. */
    private String twoDigits(int least, int most) {
        int number = choices.oneIn(32)
                ? choices.one(List.of(Math.max(least - 1, 0), most + 1))
                : least + choices.below(most - least + 1);
        return padded(number, 2);
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + choices.below(10)));
        }
        return digits.toString();
    }

    private static String padded(int number, int digits) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(digits - text.length(), 0)) + text;
    }
}
