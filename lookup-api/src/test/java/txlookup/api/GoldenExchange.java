package txlookup.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of {@code contracts/http}: lines with {@code #} say what it shows and in which condition the service is, then
 * comes the request, then an empty line, then the answer byte for byte.
 *
 * @param request request line and headers as the file has them
 * @param answer status line, headers, an empty line, body
 */
public record GoldenExchange(
        Path file, String comment, GoldenService.Condition condition, String request, String answer) {
    static final Path FOLDER = Path.of("..", "contracts", "http");

    /** As many as that of one character: a request that is long needs no long file. */
    private static final Pattern REPEATED = Pattern.compile("\\{\\{(?<what>\\w)\\*(?<times>\\d+)}}");

    private static final Pattern CONDITION = Pattern.compile("(?m)^# service: (?<name>[a-z ]+)$");
    /** Different each time, or about the connection and not about the answer. */
    private static final List<String> LEFT_OUT = List.of("date:", "connection:", "keep-alive:");

    public static List<GoldenExchange> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .map(GoldenExchange::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenExchange read(Path file) {
        try {
            String text = Files.readString(file, UTF_8);
            String comment =
                    text.lines().takeWhile(line -> line.startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
            String rest = text.substring(comment.length());
            int end = rest.indexOf("\n\n");
            Matcher condition = CONDITION.matcher(comment);
            return new GoldenExchange(
                    file,
                    comment,
                    condition.find()
                            ? GoldenService.Condition.valueOf(
                                    condition.group("name").replace(' ', '_').toUpperCase(Locale.ROOT))
                            : GoldenService.Condition.LOCAL,
                    end < 0 ? rest.strip() : rest.substring(0, end),
                    end < 0 ? "" : rest.substring(end + 2).stripTrailing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the service answers now, in the form of the file. */
    String answeredBy(GoldenService service) {
        List<String> lines = new ArrayList<>(request.lines().toList());
        lines.add(1, "Host: localhost");
        String sent = REPEATED.matcher(String.join("\r\n", lines) + "\r\n\r\n")
                .replaceAll(found -> found.group(1).repeat(Integer.parseInt(found.group(2))));
        String raw = service.answer(condition, sent);
        String text = new String(raw.getBytes(ISO_8859_1), UTF_8);
        int end = text.indexOf("\r\n\r\n");
        String head = Arrays.stream(text.substring(0, end).split("\r\n", -1))
                .map(String::stripTrailing)
                .map(line -> line.replaceFirst("(?i)^(X-Correlation-ID:) [0-9a-f-]{36}$", "$1 {{made}}"))
                .filter(line -> LEFT_OUT.stream()
                        .noneMatch(header -> line.toLowerCase(Locale.ROOT).startsWith(header)))
                .collect(Collectors.joining("\n"));
        return (head + "\n\n" + text.substring(end + 4)).stripTrailing();
    }

    void capture(String seen) {
        try {
            Files.writeString(file, comment + request + "\n\n" + seen + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String method() {
        return request.substring(0, request.indexOf(' '));
    }

    /** Without the query. */
    public String path() {
        return request.split(" ", 3)[1].replaceAll("\\?.*", "");
    }

    public int status() {
        return Integer.parseInt(answer.substring(9, 12));
    }

    public List<String> headers() {
        return answer.lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    public String mediaType() {
        return answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip().replaceAll(";.*", ""))
                .findFirst()
                .orElse("");
    }

    public String body() {
        int end = answer.indexOf("\n\n");
        return end < 0 ? "" : answer.substring(end + 2);
    }

    @Override
    public String toString() {
        return FOLDER.relativize(file).toString();
    }
}
