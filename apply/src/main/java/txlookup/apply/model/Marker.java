package txlookup.apply.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A marker event, which the gate publishes to see how long a record takes to become visible. A record is one, and never
 * data, if its header {@value #HEADER} holds the nonce of this environment's canaries. Every other record with that header
 * is an event like all others: a relay may copy headers of another environment (docs/contract.md, Payment order).
 *
 * @param record the record as it came
 * @param beat which marker it is; null where {@value #BEAT_HEADER} is none of the gate's, which is counted and not measured
 */
public record Marker(SourceRecord record, @Nullable Beat beat) implements Decoded {
    /** The header that holds the nonce. */
    public static final String HEADER = "txlookup-canary";

    /** The header that says which marker it is. */
    public static final String BEAT_HEADER = "txlookup-canary-beat";

    /**
     * One of a run's markers.
     *
     * @param run who publishes: a word of letters, digits and hyphens, at most 64
     * @param partition where it was published, so that a copy in another partition proves nothing
     * @param sequence its number in the partition, from 1
     */
    public record Beat(String run, int partition, long sequence) {
        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9-]{1,64})/(\\d{1,9})/(\\d{1,18})");

        /** The value of {@value Marker#BEAT_HEADER}. */
        public byte[] headerValue() {
            return "%s/%d/%d".formatted(run, partition, sequence).getBytes(StandardCharsets.UTF_8);
        }

        private static @Nullable Beat read(String value) {
            Matcher form = FORM.matcher(value);
            return form.matches()
                    ? new Beat(form.group(1), Integer.parseInt(form.group(2)), Long.parseLong(form.group(3)))
                    : null;
        }
    }

    /** The value of {@value #HEADER} for an environment's canaries. */
    public static byte[] nonce(String canary) {
        return canary.getBytes(StandardCharsets.UTF_8);
    }

    /** The record as a marker of an environment's canaries; empty where it is an event. */
    public static Optional<Marker> of(SourceRecord record, String canary) {
        SourceHeaders headers = record.headers();
        if (headers == null || canary.isEmpty()) {
            return Optional.empty();
        }
        byte[] nonce = nonce(canary);
        if (headers.values(HEADER).noneMatch(value -> Arrays.equals(value, nonce))) {
            return Optional.empty();
        }
        Optional<Beat> beat = headers.values(BEAT_HEADER)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .map(Beat::read)
                .filter(Objects::nonNull)
                .findFirst();
        return Optional.of(new Marker(record, beat.orElse(null)));
    }
}
