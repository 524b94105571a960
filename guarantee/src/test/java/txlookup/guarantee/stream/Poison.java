package txlookup.guarantee.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records of every kind that docs/contract.md refuses, made from one that is good; a few of the damaged ones are good
 * still.
 */
public final class Poison {
    /** A wallet that a constraint of the trials' databases refuses. */
    public static final String REFUSED_BY_THE_STORE = "refused-by-the-store";

    private static final Pattern MEMBER = Pattern.compile("\"\\w+\":");

    private record Change(String member, String value) {}

    private static final List<String> NOT_ONE_JSON_OBJECT = List.of(
            "", " ", "{", "[]", "7", "null", "\"text\"", "{}{}", "not JSON", "{\"tx_id\":\"a\",}", "{'tx_id':1}");

    // Of a ledger entry; where a member is not an order's as well, the change makes a harmless unknown field of it.
    private static final List<Change> CHANGES = List.of(
            new Change("amount", "\"NaN\""),
            new Change("amount", "\"1,000\""),
            new Change("amount", "true"),
            new Change("amount", "null"),
            new Change("amount", "\"1e200000\""),
            new Change("amount", "\"-1e-20000\""),
            new Change("updated_at", "\"2026-02-05\""),
            new Change("updated_at", "1770253200"),
            new Change("updated_at", "\"2026-02-30T00:00:00Z\""),
            new Change("updated_at", "\"+10000-01-01T00:00:00Z\""),
            new Change("updated_at", "\"9000-01-01T00:00:00Z\""),
            new Change("updated_at", "\"soon\""),
            new Change("created_at", "\"yesterday\""),
            new Change("version", "1.5"),
            new Change("version", "\"one\""),
            new Change("version", "99999999999999999999"),
            new Change("version", "1,\"source_version\":2"),
            new Change("event_time", "\"2026-02-05T01:00:00Z\",\"source_created_at\":\"2026-02-05T01:00:01Z\""),
            new Change("entry_type", "\"PAYMENT\",\"type\":\"RECEIVE\""),
            new Change("entry_type", "{}"),
            new Change("wallet_id", "\"a\\u0000b\""),
            new Change("wallet_id", "\"\\ud800\""),
            new Change("wallet_id", "\"   \""),
            new Change("wallet_id", "false"),
            new Change("wallet_id", "\"" + "w".repeat(1001) + "\""),
            new Change("wallet_id", "\"" + REFUSED_BY_THE_STORE + "\",\"tx_id\":\"refused-%d\""),
            new Change("status", "\"\""),
            new Change("status", "[]"),
            new Change("merchant_name", "\"\\u0000\""));

    private Poison() {}

    /** @param good members of a good event, the braces left out */
    public static byte @Nullable [] of(String good, Random random) {
        return switch (random.nextInt(11)) {
            case 0 -> null;
            case 1 -> bytes(NOT_ONE_JSON_OBJECT.get(random.nextInt(NOT_ONE_JSON_OBJECT.size())));
            case 2 -> bytes("{" + good.substring(0, good.length() * 2 / 3));
            case 3 -> invalidUtf8(bytes("{" + good + "}"));
            // NUL is refused as no text; Jackson takes other control characters into its message.
            case 4 ->
                bytes("{"
                        + good.replaceFirst(
                                "\"amount\":", "\"amount\":a" + (random.nextBoolean() ? '\0' : '\1') + "b"));
            case 5, 6 -> damaged(bytes("{" + good + "}"), random);
            default -> changed(good, CHANGES.get(random.nextInt(CHANGES.size())), random);
        };
    }

    /** The value may bring further members; what the good event had under any of these names goes. */
    private static byte[] changed(String good, Change change, Random random) {
        String changed = "\"" + change.member() + "\":"
                + change.value().replace("%d", Integer.toString(random.nextInt(1 << 30)));
        String rest = good;
        for (Matcher member = MEMBER.matcher(changed); member.find(); ) {
            rest = rest.replaceAll(member.group() + "(\"[^\"]*\"|[^,\"]*),?", "");
        }
        return bytes("{" + changed + "," + rest + "}");
    }

    /** What a bad cable or a bad memory makes of it; some of it is as good as before. */
    private static byte[] damaged(byte[] bytes, Random random) {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextInt(3) == 0 ? 0 : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] invalidUtf8(byte[] bytes) {
        bytes[bytes.length - 3] = (byte) 0xff;
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
