package txlookup.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Header;
import txlookup.fuzz.input.FuzzInput.Topic;

/**
 * Inputs as lines, one each, so that a difference is kept by pasting the line that reported it: topic, timestamp, headers
 * and value, a tab between. {@code -} is the usual timestamp and no headers, {@code \N} is no value, {@code \xNN} a byte,
 * {@code \*N:xNN} the byte N times.
 */
public final class Corpus {
    private static final String FILE = "/corpus/records.txt";
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:\\*(\\d+):)?x([0-9a-f]{2})");
    private static final int SHORTEST_RUN = 40;

    private Corpus() {}

    /** All of it; nothing with {@code -Dfuzz.corpus=none}, to see what is found without. */
    public static List<FuzzInput> read() {
        if ("none".equals(System.getProperty("fuzz.corpus"))) {
            return List.of();
        }
        try (InputStream file = Corpus.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Corpus::input)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FuzzInput input(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 4) {
            throw new IllegalArgumentException(
                    "a line of the corpus has topic, timestamp, headers and value, this has %d columns: %s"
                            .formatted(columns.length, line));
        }
        long millis = columns[1].equals("-") ? FuzzInput.USUAL_TIME : Long.parseLong(columns[1]);
        List<Header> headers = new ArrayList<>();
        for (String header : columns[2].equals("-") ? new String[0] : columns[2].split(",", -1)) {
            String[] parts = header.split("=", -1);
            headers.add(new Header(new String(bytes(parts[0]), StandardCharsets.UTF_8), bytes(parts[1])));
        }
        return new FuzzInput(Topic.valueOf(columns[0]), millis, headers, null, bytes(columns[3]));
    }

    static String line(FuzzInput input) {
        String headers = input.headers().stream()
                .map(header -> part(header.name().getBytes(StandardCharsets.UTF_8)) + "=" + part(header.value()))
                .collect(Collectors.joining(","));
        return String.join(
                "\t",
                input.topic().name(),
                input.millis() == FuzzInput.USUAL_TIME ? "-" : Long.toString(input.millis()),
                headers.isEmpty() ? "-" : headers,
                escaped(input.value()));
    }

    private static String part(byte @Nullable [] bytes) {
        return escaped(bytes).replace(",", "\\x2c").replace("=", "\\x3d");
    }

    private static byte @Nullable [] bytes(String escaped) {
        if (escaped.equals("\\N")) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher escape = ESCAPE.matcher(escaped);
        int from = 0;
        while (escape.find()) {
            bytes.writeBytes(escaped.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
            int times = escape.group(1) == null ? 1 : Integer.parseInt(escape.group(1));
            for (int i = 0; i < times; i++) {
                bytes.write(Integer.parseInt(escape.group(2), 16));
            }
            from = escape.end();
        }
        bytes.writeBytes(escaped.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** Printable ASCII as it is, but for what separates. */
    static String escaped(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "\\N";
        }
        StringBuilder escaped = new StringBuilder();
        for (int at = 0; at < bytes.length; at++) {
            int run = at;
            while (run < bytes.length && bytes[run] == bytes[at]) {
                run++;
            }
            int value = bytes[at] & 0xff;
            if (run - at >= SHORTEST_RUN) {
                escaped.append("\\*%d:x%02x".formatted(run - at, value));
                at = run - 1;
            } else if (value >= 0x20 && value < 0x7f && value != '\\') {
                escaped.append((char) value);
            } else {
                escaped.append("\\x%02x".formatted(value));
            }
        }
        return escaped.toString();
    }
}
