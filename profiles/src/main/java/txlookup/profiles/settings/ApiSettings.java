package txlookup.profiles.settings;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The lookup API and its console.
 *
 * @param bindAddress address to listen on; default 127.0.0.1
 * @param port port; default 8080
 * @param trustedProxies addresses or CIDR blocks of the proxies whose X-Forwarded-For counts; default: none does
 * @param auth who may look up
 * @param limits what one caller may use
 * @param shutdownNotice how long a process that is told to stop says on {@code /ready} that it is ending, and answers all
 *     the same; default 5 s
 * @param maskPersonal whether users, merchants and raw payloads are hidden from callers without the role ADMIN_PII;
 *     default false
 * @param discardByTwo whether a discard of dead letters takes effect only once a second person confirms it; default false
 * @param cursorSecretVariable name of the secret that signs paging cursors; without it each process makes its own;
 *     required in the cloud
 */
public record ApiSettings(
        String bindAddress,
        int port,
        List<String> trustedProxies,
        AuthSettings auth,
        Limits limits,
        Duration shutdownNotice,
        boolean maskPersonal,
        boolean discardByTwo,
        Optional<String> cursorSecretVariable) {

    public ApiSettings {
        Objects.requireNonNull(bindAddress, "bindAddress");
        trustedProxies = List.copyOf(trustedProxies);
        Objects.requireNonNull(auth, "auth");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(shutdownNotice, "shutdownNotice");
        Objects.requireNonNull(cursorSecretVariable, "cursorSecretVariable");
    }

    /**
     * What one caller may use.
     *
     * @param requestsPerSecond requests on average; 0 is no limit; default 100
     * @param burst requests at once; default 200
     * @param queryTimeout how long one lookup may take before it is answered with 503; default 2 s
     */
    public record Limits(int requestsPerSecond, int burst, Duration queryTimeout) {

        public Limits {
            Objects.requireNonNull(queryTimeout, "queryTimeout");
        }
    }
}
