package txlookup.profiles.settings;

import java.util.List;

/**
 * An amount of data.
 *
 * @param bytes how many bytes; not negative
 */
public record DataSize(long bytes) implements Comparable<DataSize> {

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB");
    private static final long STEP = 1024;

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative, but this is " + bytes + " bytes");
        }
    }

    /**
     * Reads {@code 8MiB}: a whole number directly followed by B, KiB, MiB or GiB.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static DataSize parse(String text) {
        if (!text.matches("[0-9]{1,9}(B|KiB|MiB|GiB)")) {
            throw new IllegalArgumentException(
                    "a size is a whole number with one of %s, not \"%s\"".formatted(UNITS, text));
        }
        String digits = text.replaceAll("[^0-9]", "");
        long bytes = Long.parseLong(digits);
        for (int i = 0; i < UNITS.indexOf(text.substring(digits.length())); i++) {
            bytes = Math.multiplyExact(bytes, STEP);
        }
        return new DataSize(bytes);
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The size in the largest unit that keeps it whole, such as {@code 8MiB}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        long count = bytes;
        int unit = 0;
        while (count >= STEP && count % STEP == 0 && unit < UNITS.size() - 1) {
            count /= STEP;
            unit++;
        }
        return count + UNITS.get(unit);
    }
}
