package txlookup.azure.revision;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import txlookup.azure.arm.Sleeper;

/** Waits until one revision itself says that it is ready; under the app's address another one may answer. */
public final class RevisionReadiness {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final String THIS_MACHINE = "127.0.0.1:";

    private final AppRevisions revisions;
    private final Sleeper waiting;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();

    public RevisionReadiness(AppRevisions revisions, Sleeper waiting) {
        this.revisions = revisions;
        this.waiting = waiting;
    }

    /** An address, from a host that Azure names; the fake's hosts are this machine's. */
    public static URI address(String fqdn) {
        return URI.create((fqdn.startsWith(THIS_MACHINE) ? "http://" : "https://") + fqdn);
    }

    /**
     * Waits.
     *
     * @return where it answers
     * @throws NotReadyException with the last thing that it said
     */
    public URI await(String revision, Duration longest) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(longest);
        String last = "it is not there";
        while (waiting.now().isBefore(until)) {
            Optional<Revision> there = revisions.find(revision);
            if (there.isPresent()) {
                String host = there.get().fqdn();
                String said = host.isEmpty() ? "it has no address" : ask(address(host));
                if (said.isEmpty() && there.get().active()) {
                    return address(host);
                }
                last = "%s (%s)"
                        .formatted(
                                said.isEmpty() ? "it is not active" : said,
                                there.get().state());
            }
            waiting.pause(LOOK_EVERY);
        }
        throw new NotReadyException("revision %s is not ready after %s: %s; its console log in the workspace says why"
                .formatted(revision, longest, last));
    }

    /** What it says against itself; empty text for nothing. */
    private String ask(URI address) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/ready"))
                    .timeout(ANSWER)
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? ""
                    : answer.statusCode() + " " + answer.body().strip();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    /** A revision did not become ready. */
    public static final class NotReadyException extends IOException {
        private static final long serialVersionUID = 1L;

        NotReadyException(String message) {
            super(message);
        }
    }
}
