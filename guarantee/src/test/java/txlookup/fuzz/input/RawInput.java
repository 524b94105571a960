package txlookup.fuzz.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import txlookup.fuzz.input.FuzzInput.Header;
import txlookup.fuzz.input.FuzzInput.Topic;
import txlookup.fuzz.model.Product;

/**
 * A record as a coverage-guided fuzzer varies it. The first byte says how to read the rest: as decisions of the
 * {@link Mutator}, or as a topic, a timestamp and headers, with the value's own bytes behind them.
 */
public final class RawInput {
    private static final List<Topic> TOPICS = List.of(Topic.LEDGER, Topic.ORDERS, Topic.UNKNOWN);
    private static final int KEYS = 50;
    private static final int DECISIONS = 0x80;
    private static final int TOMBSTONE = 0x40;
    private static final int TIME = 0x20;
    private static final int HEADERS = 0x10;

    private RawInput() {}

    public static FuzzInput read(byte[] bytes, List<FuzzInput> corpus) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        int flags = rest.hasRemaining() ? rest.get() & 0xff : 0;
        if ((flags & DECISIONS) != 0) {
            return new Mutator(Choices.of(bytes, 1), KEYS, corpus, Product.NONCE).mutated();
        }
        long millis = (flags & TIME) != 0 && rest.remaining() >= Long.BYTES ? rest.getLong() : FuzzInput.USUAL_TIME;
        List<Header> headers = (flags & HEADERS) != 0 ? headers(rest) : List.of();
        byte[] value = (flags & TOMBSTONE) != 0 ? null : remaining(rest);
        return new FuzzInput(TOPICS.get(flags % 4 % TOPICS.size()), millis, headers, null, value);
    }

    public static byte[] write(FuzzInput input) {
        boolean hasTime = input.millis() != FuzzInput.USUAL_TIME;
        boolean hasHeaders = !input.headers().isEmpty();
        byte[] value = input.value() == null ? new byte[0] : input.value();
        ByteBuffer bytes = ByteBuffer.allocate(value.length + 1024);
        bytes.put((byte) (TOPICS.indexOf(input.topic())
                | (input.value() == null ? TOMBSTONE : 0)
                | (hasTime ? TIME : 0)
                | (hasHeaders ? HEADERS : 0)));
        if (hasTime) {
            bytes.putLong(input.millis());
        }
        if (hasHeaders) {
            bytes.put((byte) input.headers().size());
            for (Header header : input.headers()) {
                put(bytes, header.name().getBytes(StandardCharsets.UTF_8));
                put(bytes, header.value() == null ? new byte[0] : header.value());
            }
        }
        bytes.put(value);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** A file for each, as a fuzzer wants its corpus. */
    public static void writeAll(List<FuzzInput> inputs, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve("record-%03d".formatted(i)), write(inputs.get(i)));
        }
    }

    private static void put(ByteBuffer bytes, byte[] part) {
        bytes.put((byte) part.length).put(part);
    }

    private static List<Header> headers(ByteBuffer rest) {
        List<Header> headers = new ArrayList<>();
        for (int count = rest.hasRemaining() ? rest.get() & 3 : 0; count > 0; count--) {
            headers.add(new Header(new String(part(rest), StandardCharsets.UTF_8), part(rest)));
        }
        return headers;
    }

    private static byte[] part(ByteBuffer rest) {
        int length = rest.hasRemaining() ? rest.get() & 0x7f : 0;
        byte[] part = new byte[Math.min(length, rest.remaining())];
        rest.get(part);
        return part;
    }

    private static byte[] remaining(ByteBuffer rest) {
        byte[] remaining = new byte[rest.remaining()];
        rest.get(remaining);
        return remaining;
    }
}
