package txlookup.fuzz.input;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.Corpus;
import txlookup.fuzz.input.EventMaker.Member;
import txlookup.fuzz.input.FuzzInput.Header;
import txlookup.fuzz.input.FuzzInput.Topic;

/**
 * Hostile records, each from a good event or from one of the corpus: members with values that are nearly right, twice or
 * under another name, then bytes that were flipped, cut, swapped or made NUL, then a key, a time and headers.
 */
public final class Mutator {
    private static final List<String> NAMES = List.of(
            "tx_id",
            "wallet_id",
            "entry_type",
            "type",
            "amount",
            "amount_signed",
            "related_id",
            "related_type",
            "event_time",
            "source_created_at",
            "created_at",
            "updated_at",
            "version",
            "source_version",
            "order_id",
            "user_id",
            "merchant_name",
            "status",
            "TX_ID",
            "tx_id ",
            "tx\\u005fid",
            "x",
            "",
            "\\ud800",
            "n".repeat(300));

    /** Names of one field, or nearly: {@code created_at} stands in for the event's time where neither alias is. */
    private static final List<List<String>> ALIASES = List.of(
            List.of("entry_type", "type"),
            List.of("event_time", "source_created_at"),
            List.of("source_created_at", "created_at"),
            List.of("created_at", "event_time"),
            List.of("version", "source_version"));

    private static final String STRUCTURE = "{}[]\",:\\ 0e-.";

    private final Choices choices;
    private final EventMaker events;
    private final Composed composed;
    private final List<FuzzInput> corpus;
    private final byte[] nonce;

    /**
     * @param keys how many ids good events share, each by many
     * @param nonce what a canary's header holds
     */
    public Mutator(Choices choices, int keys, List<FuzzInput> corpus, String nonce) {
        this.choices = choices;
        this.events = new EventMaker(choices, keys);
        this.composed = new Composed(choices);
        this.corpus = corpus;
        this.nonce = nonce.getBytes(StandardCharsets.UTF_8);
    }

    /** From a seed, with the whole corpus. */
    public static Mutator of(long seed, int keys, String nonce) {
        return new Mutator(Choices.of(new Random(seed)), keys, Corpus.read(), nonce);
    }

    /** A record that nothing is wrong with. */
    public FuzzInput good() {
        Topic topic = choices.below(4) == 3 ? Topic.ORDERS : Topic.LEDGER;
        byte[] value = text(events.event(topic == Topic.LEDGER), false);
        return new FuzzInput(topic, time(false), List.of(), key(false), value);
    }

    /** A record of which nothing is known; a few are good all the same. */
    public FuzzInput mutated() {
        if (!corpus.isEmpty() && choices.oneIn(10)) {
            FuzzInput seed = choices.one(corpus);
            byte[] value = seed.value();
            return seed.withValue(value == null ? null : mutatedBytes(value));
        }
        int topic = choices.below(32);
        boolean ledger = topic < 22;
        return new FuzzInput(
                topic == 31 ? Topic.UNKNOWN : ledger ? Topic.LEDGER : Topic.ORDERS,
                time(choices.oneIn(16)),
                choices.oneIn(8) ? headers() : List.of(),
                key(choices.oneIn(8)),
                choices.oneIn(64) ? null : value(ledger));
    }

    private byte[] value(boolean ledger) {
        List<Member> members = events.event(ledger);
        for (int times = choices.below(4); times > 0; times--) {
            mutate(members);
        }
        byte[] bytes = text(members, true);
        return choices.oneIn(3) ? mutatedBytes(bytes) : bytes;
    }

    private void mutate(List<Member> members) {
        int at = choices.below(members.size());
        Member member = members.get(at);
        switch (choices.below(14)) {
            case 0 -> members.add(new Member(member.name(), hostile()));
            case 1 -> members.add(choices.below(members.size() + 1), member);
            case 2 -> members.set(at, new Member(choices.one(NAMES), member.value()));
            case 3 ->
                members.add(new Member(choices.one(NAMES), choices.one(members).value()));
            case 4 -> Collections.swap(members, at, choices.below(members.size()));
            case 5 ->
                members.set(at, new Member(member.name(), choices.one(members).value()));
            case 6 -> members.set(at, new Member(composed.inOtherCase(member.name()), member.value()));
            case 7, 8 -> addAlias(members);
            case 9, 10, 11 -> members.set(at, new Member(member.name(), composed.of(member.name())));
            default -> members.set(at, new Member(member.name(), hostile()));
        }
    }

    /** A second name for a field that is there. */
    private void addAlias(List<Member> members) {
        List<String> names = choices.one(ALIASES);
        int first = choices.below(2);
        members.stream()
                .filter(member -> member.name().equals(names.get(first)))
                .findFirst()
                .ifPresent(member -> members.add(new Member(names.get(1 - first), composed.besides(member.value()))));
    }

    private String hostile() {
        return switch (choices.below(8)) {
            case 0 -> choices.one(Hostile.TOKENS);
            case 1 -> choices.one(Hostile.NUMBERS);
            case 2 -> "\"" + choices.one(Hostile.NUMBERS) + "\"";
            case 3 -> "\"" + choices.one(Hostile.TIMES) + "\"";
            case 4, 5 -> composed.of(choices.one(NAMES));
            case 6 -> "[".repeat(497 + choices.below(5)) + "]".repeat(499);
            default -> "\"" + choices.one(Hostile.TEXTS) + "\"";
        };
    }

    private byte[] text(List<Member> members, boolean anySpace) {
        StringBuilder text = new StringBuilder("{");
        for (Member member : members) {
            text.append(text.length() == 1 ? "" : ",")
                    .append('"')
                    .append(member.name())
                    .append("\":");
            text.append(anySpace ? choices.one(List.of("", "", " ", "\n\t\r ")) : "")
                    .append(member.value());
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] mutatedBytes(byte[] bytes) {
        byte[] mutated = bytes;
        for (int times = 1 + choices.below(3); times > 0 && mutated.length > 0; times--) {
            mutated = mutatedOnce(mutated.clone());
        }
        return mutated;
    }

    private byte[] mutatedOnce(byte[] bytes) {
        int at = choices.below(bytes.length);
        return switch (choices.below(10)) {
            case 0, 1 -> with(bytes, at, bytes[at] ^ (1 << choices.below(8)));
            case 2 -> with(bytes, at, choices.below(256));
            case 3 -> with(bytes, at, 0);
            case 4 -> Arrays.copyOf(bytes, at);
            case 5 -> spliced(bytes, at, new byte[0], Math.min(bytes.length - at, 1 + choices.below(8)));
            case 6 -> spliced(bytes, at, choices.one(Hostile.TOKENS).getBytes(StandardCharsets.UTF_8), 0);
            case 7 -> spliced(bytes, at, choices.one(BYTES), choices.below(2));
            case 8 -> spliced(bytes, at, Arrays.copyOfRange(bytes, choices.below(at + 1), at), 0);
            default -> spliced(bytes, at, bytes(STRUCTURE.charAt(choices.below(STRUCTURE.length()))), choices.below(2));
        };
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    /** UTF-8 that is none, or nearly: too long, half a pair, beyond the last character, cut; and marks of other encodings. */
    private static final List<byte[]> BYTES = List.of(
            bytes(0xc0, 0x80),
            bytes(0xc1, 0xa1),
            bytes(0xe0, 0x80, 0x80),
            bytes(0xed, 0xa0, 0x80),
            bytes(0xed, 0xb0, 0x80),
            bytes(0xf0, 0x80, 0x80, 0x80),
            bytes(0xf4, 0x90, 0x80, 0x80),
            bytes(0xf5, 0x80, 0x80, 0x80),
            bytes(0x80),
            bytes(0xc3),
            bytes(0xe2, 0x82),
            bytes(0xf0, 0x9f, 0x98),
            bytes(0xff),
            bytes(0xfe, 0xff),
            bytes(0xef, 0xbb, 0xbf),
            bytes(0xf0, 0x9f, 0x98, 0x80),
            bytes(0xed, 0x9f, 0xbf),
            bytes(0xee, 0x80, 0x80),
            bytes(0xc2, 0x80),
            bytes(0x7f),
            bytes(0xf4, 0x8f, 0xbf, 0xbf),
            bytes(0x1f),
            bytes(0xc2, 0xa0));

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] with, int without) {
        byte[] spliced = new byte[bytes.length - without + with.length];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(with, 0, spliced, at, with.length);
        System.arraycopy(bytes, at + without, spliced, at + with.length, bytes.length - at - without);
        return spliced;
    }

    /** Few instants, so that ties are many. */
    private long time(boolean hostile) {
        return hostile ? choices.one(Hostile.MILLIS) : FuzzInput.USUAL_TIME + 1000L * choices.below(3);
    }

    private byte @Nullable [] key(boolean hostile) {
        if (!hostile) {
            return events.id("tx").getBytes(StandardCharsets.UTF_8);
        }
        return choices.oneIn(3) ? null : random(choices.oneIn(8) ? 3000 : 20);
    }

    private byte[] random(int most) {
        byte[] bytes = new byte[choices.below(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) choices.below(256);
        }
        return bytes;
    }

    private List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        for (int count = 1 + choices.below(2); count > 0; count--) {
            headers.add(new Header(choices.one(Hostile.HEADERS), headerValue()));
        }
        return headers;
    }

    private byte @Nullable [] headerValue() {
        return switch (choices.below(6)) {
            case 0, 1 -> nonce;
            case 2 -> spliced(nonce, choices.below(nonce.length), new byte[] {'0'}, choices.below(2));
            case 3 -> Arrays.copyOf(nonce, choices.below(nonce.length));
            case 4 -> null;
            default -> random(40);
        };
    }
}
