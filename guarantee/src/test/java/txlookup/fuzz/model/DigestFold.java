package txlookup.fuzz.model;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Topic;

/**
 * {@link Fold} for millions of records: a key keeps its winner's rank and a digest of its columns, and a dead letter is
 * a digest of 8 bytes at its offset.
 */
public final class DigestFold {
    /** No digest: an offset without a dead letter. */
    public static final long NONE = 0;

    /**
     * A row that is wanted.
     *
     * @param columns digest of the columns as the store shows them
     * @param places of the records that say exactly this at exactly this time: the row may name any of them
     */
    public record Winner(ContractJudgement.Rank rank, long columns, List<Place> places) {}

    private final Map<Topic, Map<String, Winner>> rows = new EnumMap<>(Topic.class);
    private final Map<Topic, Map<Integer, long[]>> dead = new EnumMap<>(Topic.class);
    private final Map<String, Integer> counts = new TreeMap<>();

    /** Takes one record of the log. */
    public void add(FuzzInput input, Place place, ContractJudgement judgement) {
        String what;
        if (judgement instanceof ContractJudgement.Refused refused) {
            what = refused.reason();
            deadOf(place)[Math.toIntExact(place.offset())] = digest(
                    refused.reason(),
                    ContractJudgement.Row.shown(ContractTypes.storable(input.time())),
                    input.key(),
                    input.value(),
                    input.headersAsJson());
        } else if (judgement instanceof ContractJudgement.Row row) {
            what = "snapshots";
            Winner winner =
                    new Winner(row.rank(), digest(Fold.columns(row).toArray()), new ArrayList<>(List.of(place)));
            rows(place.topic()).merge(row.key(), winner, DigestFold::winner);
        } else {
            what = "canaries";
        }
        counts.merge(what, 1, Integer::sum);
    }

    private long[] deadOf(Place place) {
        return dead(place.topic()).compute(place.partition(), (partition, before) -> {
            long[] digests = before == null ? new long[1024] : before;
            return place.offset() < digests.length
                    ? digests
                    : Arrays.copyOf(digests, Math.toIntExact(2 * place.offset()));
        });
    }

    private static Winner winner(Winner a, Winner b) {
        int order = a.rank.compareTo(b.rank);
        if (order == 0) {
            b.places.addAll(a.places);
        }
        return order > 0 ? a : b;
    }

    /** How many records there were, by what became of them. */
    public Map<String, Integer> counts() {
        return counts;
    }

    public Map<String, Winner> rows(Topic topic) {
        return rows.computeIfAbsent(topic, unused -> new HashMap<>());
    }

    /** By partition, a digest at each offset that has a dead letter. */
    public Map<Integer, long[]> dead(Topic topic) {
        return dead.computeIfAbsent(topic, unused -> new HashMap<>());
    }

    /** 8 bytes of SHA-256, each part after its length, -1 for none; a part is text or bytes. */
    public static long digest(@Nullable Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Object part : parts) {
                byte[] content = part instanceof String text
                        ? text.getBytes(StandardCharsets.UTF_8)
                        : part == null ? new byte[0] : (byte[]) part;
                out.writeInt(part == null ? -1 : content.length);
                out.write(content);
            }
            long digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()))
                    .getLong();
            return digest == NONE ? 1 : digest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
