package txlookup.api.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairingStatus;

/**
 * Why a lookup's answer is what it is: the body of the two explain endpoints.
 *
 * @param reason a stable code; {@code explanation} says the same to a person
 * @param statusReason why there is no status group; null when there is one, or nothing was found
 * @param deadLettersAllSearched false where only the newest unsettled dead letters were searched for the id
 */
public record Explanation(
        String resourceType,
        String id,
        boolean found,
        @Nullable PairingStatus pairingStatus,
        String reason,
        String explanation,
        @Nullable String statusReason,
        List<Anomaly> anomalies,
        List<DeadLetterSearch.Found> deadLetters,
        boolean deadLettersAllSearched,
        List<Provenance> rows,
        Coverage coverage) {

    /** Something that is odd about a payment, beside its status. */
    public record Anomaly(String code, String explanation, List<String> txIds) {}

    /**
     * What the store can hold at all.
     *
     * @param generation the active one; null when there is none
     * @param dataAsOf up to when everything published was applied; null when not known
     * @param history {@code ALL} where a whole extract was loaded, {@code LOADING} while it is being loaded, {@code
     *     FROM_STREAM_START} where there was none, {@code NONE} without an active generation
     * @param streamStart the instant from which on changes are read from the stream
     */
    public record Coverage(
            @Nullable Long generation,
            @Nullable Instant dataAsOf,
            boolean stale,
            String history,
            @Nullable Instant streamStart) {}
}
