package txlookup.rebuild.evidence;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.profiles.digest.Sha256;

/**
 * One piece of evidence. Its hash is SHA-256 over {@code previous}, {@code sequence}, {@code kind} and its content as JSON
 * with sorted keys and without blanks, a line feed after each of the first three.
 *
 * @param sequence its place in the bundle, from 1
 * @param kind what it is evidence of, such as {@code manifest} or {@code gate}
 * @param previous the hash of the entry before it; of a bundle's first, that of the last entry of the bundle before
 */
public record Entry(int sequence, String kind, Map<String, Object> content, String previous, String hash) {
    /** What stands before the first entry of all. */
    public static final String NOTHING = "0".repeat(64);

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final TypeReference<TreeMap<String, Object>> CONTENT = new TypeReference<>() {};

    static Entry after(String previous, int sequence, String kind, Object content) {
        // Through JSON and back: what is hashed is what a reader will see.
        Map<String, Object> plain = CANONICAL.readValue(CANONICAL.writeValueAsString(content), CONTENT);
        return new Entry(sequence, kind, plain, previous, hash(previous, sequence, kind, plain));
    }

    boolean isIntact() {
        return hash.equals(hash(previous, sequence, kind, content));
    }

    private static String hash(String previous, int sequence, String kind, Map<String, Object> content) {
        String canonical = CANONICAL.writeValueAsString(content);
        return Sha256.hex("%s\n%d\n%s\n%s".formatted(previous, sequence, kind, canonical));
    }

    static Bundle read(byte[] json) throws JacksonException {
        return CANONICAL.readValue(json, Bundle.class);
    }

    static byte[] write(Bundle bundle) {
        return CANONICAL
                .rebuild()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsBytes(bundle);
    }
}
