package txlookup.api.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 *     behind one address; keys after a comma are still accepted; absent, this process makes its own, which only stage {@code local} may do
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

    /** @throws IllegalArgumentException with every problem at once */
    public LookupApiSettings {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(cursorSecret, "cursorSecret");
        SettingsProblems problems = new SettingsProblems();
        problems.ofHttp(http);
        problems.ofDatabase(database);
        problems.ofAuthentication(authentication);
        problems.ofAudit(audit);
        problems.ofLimits(limits);
        problems.atLeast(Duration.ofMillis(1), freshness, "freshness");
        problems.atLeast(Duration.ofMillis(1), serving.candidateTimeout(), "candidateTimeout");
        problems.ofStage(stage, authentication, http, cursorKeys(cursorSecret));
        problems.refuse();
    }

    /** The keys of paging cursors: the first signs, and all are accepted, so that a key can be replaced. */
    public List<String> cursorKeys() {
        return cursorKeys(cursorSecret);
    }

    private static List<String> cursorKeys(Optional<String> secret) {
        return secret.map(keys -> List.of(keys.split(",", -1))).orElse(List.of());
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
    }

    /**
     * The store.
     *
     * @param jdbcUrl {@code jdbc:postgresql:...}; driver options in it win over this module's own
     * @param password absent, none is sent
     * @param poolSize connections for lookups in each generation that is ready; a few more are for all else
     * @param connectionTimeout how long a lookup waits for a connection before it is answered with 503; at least 250 ms
     * @param queryTimeout how long one statement may take before its lookup is answered with 503
     * @param readUrl as {@code jdbcUrl}, of a physical replica that answers lookups; absent, the store answers all
     */
    public record Database(
            String jdbcUrl,
            String user,
            Optional<String> password,
            int poolSize,
            Duration connectionTimeout,
            Duration queryTimeout,
            Optional<String> readUrl) {

        /** Without a replica. */
        public Database(
                String jdbcUrl,
                String user,
                Optional<String> password,
                int poolSize,
                Duration connectionTimeout,
                Duration queryTimeout) {
            this(jdbcUrl, user, password, poolSize, connectionTimeout, queryTimeout, Optional.empty());
        }

        /** The same with a replica. */
        public Database readFrom(Optional<String> url) {
            return new Database(jdbcUrl, user, password, poolSize, connectionTimeout, queryTimeout, url);
        }

        /** Ten connections, 2 s to get one, 2 s for a statement. */
        public static Database at(String jdbcUrl, String user, Optional<String> password) {
            return new Database(jdbcUrl, user, password, 10, Duration.ofSeconds(2), Duration.ofSeconds(2));
        }

        /** How long a lookup may wait for the store altogether. */
        public Duration longestLookup() {
            return connectionTimeout.plus(queryTimeout);
        }

        /** Shows neither the password nor the URL's options, which may hold one. */
        @Override
        public String toString() {
            return "Database[jdbcUrl=%s, user=%s, poolSize=%d, connectionTimeout=%s, queryTimeout=%s, readUrl=%s]"
                    .formatted(
                            withoutOptions(jdbcUrl),
                            user,
                            poolSize,
                            connectionTimeout,
                            queryTimeout,
                            readUrl.map(Database::withoutOptions));
        }

        private static String withoutOptions(String url) {
            return url.replaceAll("\\?.*", "");
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
