package txlookup.azure.destroy.plan;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks whether the extract can be reached, and whether the log will reach back to the cutover of a rebuild. */
public final class RebuildReadiness implements RebuildProbe {
    private static final Pattern HOST = Pattern.compile("jdbc:[a-z]+://([^/:?]+)(?::(\\d+))?.*");
    private static final String POSTGRES_PORT = "5432";
    private static final int CONNECT_MILLIS = 5_000;

    private final RebuildSource source;

    /** A look at that source. */
    public RebuildReadiness(RebuildSource source) {
        this.source = source;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        if (source.extract().isEmpty()) {
            findings.add(
                    new Finding(
                            "the extract can be reached",
                            false,
                            "the profile names none",
                            "plan with --set backfill.ndjson.ledgerEntries=... and backfill.ndjson.paymentOrders=..., or with a source database"));
        }
        source.extract().forEach(one -> findings.add(one.startsWith("jdbc:") ? database(one) : file(one)));
        Duration left = source.retention().minus(source.margin());
        boolean reaches = left.compareTo(Duration.ZERO) > 0;
        findings.add(new Finding(
                "the log reaches back to a cutover",
                reaches,
                "it keeps %d h, of which %d h must be left: %d h for backfill and catch-up"
                        .formatted(source.retention().toHours(), source.margin().toHours(), left.toHours()),
                reaches ? "" : "raise messaging.retention or lower cutover.margin"));
        return findings;
    }

    private static Finding file(String name) {
        Path path = Path.of(name);
        boolean holds = Files.isRegularFile(path) && Files.isReadable(path);
        return new Finding(
                "the extract can be reached",
                holds,
                holds ? name : name + " is not a readable file",
                holds ? "" : "make the extract first, or plan with the right backfill.ndjson files");
    }

    private static Finding database(String url) {
        Matcher matcher = HOST.matcher(url);
        if (!matcher.matches()) {
            return new Finding(
                    "the extract can be reached", false, url + " names no host", "plan with another backfill.jdbc.url");
        }
        String host = matcher.group(1);
        int port = Integer.parseInt(matcher.group(2) == null ? POSTGRES_PORT : matcher.group(2));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return new Finding("the extract can be reached", true, "%s answers at %d".formatted(host, port), "");
        } catch (IOException e) {
            return new Finding(
                    "the extract can be reached",
                    false,
                    "%s at %d: %s".formatted(host, port, e.getMessage()),
                    "bring the source database within reach");
        }
    }
}
