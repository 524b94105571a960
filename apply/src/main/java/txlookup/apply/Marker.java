package txlookup.apply;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A marker event, which the gate publishes to see how long a record takes to become visible. Whoever carries the header
 * {@value #HEADER} is one and never data, whatever its value holds and however often it comes.
 *
 * @param record the record as it came
 * @param beat which marker it is; null where the header's value is none of the gate's, which is counted and not measured
 */
public record Marker(SourceRecord record, @Nullable Beat beat) implements Decoded {
    /** The reserved header. */
    public static final String HEADER = "txlookup-canary";

    // Base64 holds no quotes, so neither a header's key nor its value can look like another header.
    private static final Pattern AMONG_HEADERS = Pattern.compile(
            "\"key\"\\s*:\\s*\"%s\"\\s*,\\s*\"value\"\\s*:\\s*(?:null|\"([^\"]*)\")".formatted(base64(HEADER)));

    /**
     * One of a run's markers.
     *
     * @param run who publishes: a word of letters, digits and hyphens, at most 64
     * @param partition where it was published, so that a copy in another partition proves nothing
     * @param sequence its number in the partition, from 1
     */
    public record Beat(String run, int partition, long sequence) {
        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9-]{1,64})/(\\d{1,9})/(\\d{1,18})");

        /** The header's value. */
        public byte[] headerValue() {
            return "%s/%d/%d".formatted(run, partition, sequence).getBytes(StandardCharsets.UTF_8);
        }

        private static @Nullable Beat read(@Nullable String base64) {
            if (base64 == null) {
                return null;
            }
            Matcher form = FORM.matcher(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
            return form.matches()
                    ? new Beat(form.group(1), Integer.parseInt(form.group(2)), Long.parseLong(form.group(3)))
                    : null;
        }
    }

    /** The record as a marker; empty where it is an event. */
    public static Optional<Marker> of(SourceRecord record) {
        if (record.headers() == null) {
            return Optional.empty();
        }
        Matcher header = AMONG_HEADERS.matcher(record.headers());
        return header.find() ? Optional.of(new Marker(record, Beat.read(header.group(1)))) : Optional.empty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
