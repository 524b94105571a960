package txlookup.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import txlookup.api.auth.Authentication;
import txlookup.profiles.settings.ServingSettings;

/**
 * What the lookup API is started with: plain values, checked whole.
 *
 * @param stage the environment's stage as profiles name it; only {@code local} may go without authentication
 * @param http where it listens
 * @param database the store
 * @param authentication who may look up
 * @param audit how audit rows are written
 * @param limits how much one actor may ask
 * @param freshness data that is behind by more is answered with {@code X-Data-Stale}
 * @param serving the bounds of switching generations
 * @param maskPersonal whether users, merchants and raw payloads are hidden from callers without {@code ADMIN_PII}
 * @param discardByTwo whether a discard takes effect only once a second person confirms it
 * @param cursorSecret signs paging cursors, at least {@value #SHORTEST_SECRET} characters, the same for every process
 *     behind one address; absent, this process makes its own, which only stage {@code local} may do
 */
public record LookupApiSettings(
        String stage,
        Http http,
        Database database,
        Authentication authentication,
        Audit audit,
        Limits limits,
        Duration freshness,
        ServingSettings serving,
        boolean maskPersonal,
        boolean discardByTwo,
        Optional<String> cursorSecret) {

    /** What profiles have of switching generations unless they say otherwise. */
    public static final ServingSettings USUAL_SERVING = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));

    /** What profiles have as the freshness SLO unless they say otherwise. */
    public static final Duration USUAL_FRESHNESS = Duration.ofSeconds(5);

    public static final int SHORTEST_SECRET = 32;
    private static final String LOCAL = "local";

    /** @throws IllegalArgumentException with every problem at once */
    public LookupApiSettings {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(cursorSecret, "cursorSecret");
        List<String> problems = new ArrayList<>();
        http.check(problems);
        database.check(problems);
        if (authentication instanceof Authentication.Oidc oidc) {
            oidc.check(problems);
        }
        audit.check(problems);
        limits.check(problems);
        atLeast(Duration.ofMillis(1), freshness, "freshness", problems);
        atLeast(Duration.ofMillis(1), serving.candidateTimeout(), "candidateTimeout", problems);
        boolean local = stage.equals(LOCAL);
        if (!local && authentication instanceof Authentication.Disabled) {
            problems.add("authentication is disabled in stage " + stage + ", which only stage local may do; use oidc");
        }
        if (local && authentication instanceof Authentication.Disabled && !http.isOnThisMachineOnly()) {
            problems.add(
                    "http.bindAddress is %s and authentication is disabled, so others on the network could act; use 127.0.0.1 or oidc"
                            .formatted(http.bindAddress()));
        }
        if (!local && cursorSecret.isEmpty()) {
            problems.add("cursorSecret is missing in stage " + stage + "; give every process the same secret");
        }
        if (cursorSecret.isPresent() && cursorSecret.get().length() < SHORTEST_SECRET) {
            problems.add("cursorSecret has %d characters; at least %d are needed"
                    .formatted(cursorSecret.get().length(), SHORTEST_SECRET));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("The lookup API's settings are refused: " + String.join("; ", problems));
        }
    }

    /** Personal data is shown to all who may look up. */
    public LookupApiSettings(
            String stage,
            Http http,
            Database database,
            Authentication authentication,
            Audit audit,
            Limits limits,
            Duration freshness,
            ServingSettings serving,
            Optional<String> cursorSecret) {
        this(stage, http, database, authentication, audit, limits, freshness, serving, false, false, cursorSecret);
    }

    /** With {@link #USUAL_SERVING}. */
    public LookupApiSettings(
            String stage,
            Http http,
            Database database,
            Authentication authentication,
            Audit audit,
            Limits limits,
            Duration freshness,
            Optional<String> cursorSecret) {
        this(stage, http, database, authentication, audit, limits, freshness, USUAL_SERVING, cursorSecret);
    }

    /** With {@link #USUAL_FRESHNESS}. */
    public LookupApiSettings(
            String stage,
            Http http,
            Database database,
            Authentication authentication,
            Audit audit,
            Limits limits,
            Optional<String> cursorSecret) {
        this(stage, http, database, authentication, audit, limits, USUAL_FRESHNESS, cursorSecret);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ApiSettings[stage=%s, http=%s, database=%s, authentication=%s, audit=%s, limits=%s, freshness=%s, serving=%s]"
                .formatted(stage, http, database, authentication, audit, limits, freshness, serving);
    }

    private static void atLeast(int least, int seen, String name, List<String> problems) {
        if (seen < least) {
            problems.add("%s is %d; at least %d is needed".formatted(name, seen, least));
        }
    }

    private static void atLeast(Duration least, Duration seen, String name, List<String> problems) {
        if (seen.compareTo(least) < 0) {
            problems.add("%s is %s; at least %s is needed".formatted(name, seen, least));
        }
    }

    /**
     * Where the API listens.
     *
     * @param bindAddress address to listen on
     * @param port port; 0 takes a free one, see {@code LookupApi.port()}
     * @param trustedProxies addresses or CIDR blocks of the proxies whose {@code X-Forwarded-For} is believed
     * @param shutdownTimeout how long running requests may take to end when the process stops
     */
    public record Http(String bindAddress, int port, List<String> trustedProxies, Duration shutdownTimeout) {
        /** Keeps a copy of the list. */
        public Http {
            trustedProxies = List.copyOf(trustedProxies);
        }

        /** No trusted proxy, 20 s to shut down. */
        public static Http on(String bindAddress, int port) {
            return new Http(bindAddress, port, List.of(), Duration.ofSeconds(20));
        }

        /** The same behind these proxies. */
        public Http behind(List<String> proxies) {
            return new Http(bindAddress, port, proxies, shutdownTimeout);
        }

        private void check(List<String> problems) {
            if (bindAddress.isBlank()) {
                problems.add("http.bindAddress is blank; name an address such as 127.0.0.1");
            }
            if (port < 0 || port > 65_535) {
                problems.add("http.port is %d; 0 to 65535 is possible".formatted(port));
            }
            for (String proxy : trustedProxies) {
                if (!isAddressBlock(proxy)) {
                    problems.add(
                            "http.trustedProxies holds '%s', which is neither an IP address nor a CIDR block such as 10.0.0.0/8"
                                    .formatted(proxy));
                }
            }
            atLeast(Duration.ofMillis(1), shutdownTimeout, "http.shutdownTimeout", problems);
        }

        private static boolean isAddressBlock(String text) {
            try {
                return !text.isBlank() && new IpAddressMatcher(text).toString() != null;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private boolean isOnThisMachineOnly() {
            try {
                return InetAddress.getByName(bindAddress).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return true; // it cannot be listened on, and is refused for that
            }
        }
    }

    /**
     * The store.
     *
     * @param jdbcUrl {@code jdbc:postgresql:...}; driver options in it win over this module's own
     * @param password absent, none is sent
     * @param poolSize connections for lookups in each generation that is ready; a few more are for all else
     * @param connectionTimeout how long a lookup waits for a connection before it is answered with 503; at least 250 ms
     * @param queryTimeout how long one statement may take before its lookup is answered with 503
     */
    public record Database(
            String jdbcUrl,
            String user,
            Optional<String> password,
            int poolSize,
            Duration connectionTimeout,
            Duration queryTimeout) {

        /** Ten connections, 2 s to get one, 2 s for a statement. */
        public static Database at(String jdbcUrl, String user, Optional<String> password) {
            return new Database(jdbcUrl, user, password, 10, Duration.ofSeconds(2), Duration.ofSeconds(2));
        }

        /** How long a lookup may wait for the store altogether. */
        public Duration longestLookup() {
            return connectionTimeout.plus(queryTimeout);
        }

        private void check(List<String> problems) {
            if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
                problems.add("database.jdbcUrl must start with jdbc:postgresql:");
            }
            atLeast(1, poolSize, "database.poolSize", problems);
            // HikariCP takes no less.
            atLeast(Duration.ofMillis(250), connectionTimeout, "database.connectionTimeout", problems);
            atLeast(Duration.ofMillis(1), queryTimeout, "database.queryTimeout", problems);
        }

        /** Shows neither the password nor the URL's options, which may hold one. */
        @Override
        public String toString() {
            return "Database[jdbcUrl=%s, user=%s, poolSize=%d, connectionTimeout=%s, queryTimeout=%s]"
                    .formatted(jdbcUrl.replaceAll("\\?.*", ""), user, poolSize, connectionTimeout, queryTimeout);
        }
    }

    /**
     * How much one actor may ask before it is answered with 429 (docs/contract.md, Lookup API). Who is denied counts by
     * the address that the request comes from.
     *
     * @param requestsPerSecond lookups on average; 0 sets no limit
     * @param burst lookups at once, after a time without any
     */
    public record Limits(int requestsPerSecond, int burst) {
        /** Everybody may ask as much as they like. */
        public static final Limits NONE = new Limits(0, 1);

        private void check(List<String> problems) {
            atLeast(0, requestsPerSecond, "limits.requestsPerSecond", problems);
            atLeast(1, burst, "limits.burst", problems);
        }
    }

    /**
     * How audit rows are written (docs/contract.md, Audit).
     *
     * @param queueCapacity rows that may wait; a lookup that finds the queue full is answered with 503
     * @param batchSize most rows in one commit
     * @param writeTimeout how long a lookup waits for its row to be committed before it is answered with 503
     * @param denials how many denials leave a row of their own
     */
    public record Audit(int queueCapacity, int batchSize, Duration writeTimeout, Denials denials) {
        /** 10 000 rows waiting, 500 in a commit, 2 s. */
        public static final Audit DEFAULT = new Audit(10_000, 500, Duration.ofSeconds(2));

        /** With {@link Denials#DEFAULT}. */
        public Audit(int queueCapacity, int batchSize, Duration writeTimeout) {
            this(queueCapacity, batchSize, writeTimeout, Denials.DEFAULT);
        }

        private void check(List<String> problems) {
            atLeast(1, queueCapacity, "audit.queueCapacity", problems);
            atLeast(1, batchSize, "audit.batchSize", problems);
            atLeast(Duration.ofMillis(1), writeTimeout, "audit.writeTimeout", problems);
            atLeast(1, denials.burst(), "audit.denials.burst", problems);
            atLeast(1, denials.burstInAll(), "audit.denials.burstInAll", problems);
            atLeast(Duration.ofMillis(1), denials.summaryEvery(), "audit.denials.summaryEvery", problems);
        }
    }

    /**
     * How many denials leave a row of their own. One row counts the others. Strangers and people whose token is valid
     * have budgets of their own, so that nobody hides among strangers.
     *
     * @param burst rows at once of one address or person
     * @param eachPerMinute rows of one address or person, after that
     * @param burstInAll rows at once of all of them
     * @param allPerMinute rows of all of them, after that
     * @param summaryEvery how often the row is written that counts the others
     */
    public record Denials(int burst, int eachPerMinute, int burstInAll, int allPerMinute, Duration summaryEvery) {
        /** 100 and 6 a minute of one, 200 and 60 a minute of all; a summary every 10 s. */
        public static final Denials DEFAULT = new Denials(100, 6, 200, 60, Duration.ofSeconds(10));
    }
}
