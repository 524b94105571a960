package txlookup.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import txlookup.api.config.LookupApiSettings.Audit;
import txlookup.api.config.LookupApiSettings.Database;
import txlookup.api.config.LookupApiSettings.Http;
import txlookup.api.config.LookupApiSettings.Limits;

/** What is wrong with settings, all of it, so that nobody mends one thing to be told of the next. */
final class SettingsProblems {
    private static final String LOCAL = "local";

    private final List<String> found = new ArrayList<>();

    void ofHttp(Http http) {
        if (http.bindAddress().isBlank()) {
            found.add("http.bindAddress is blank; name an address such as 127.0.0.1");
        }
        if (http.port() < 0 || http.port() > 65_535) {
            found.add("http.port is %d; 0 to 65535 is possible".formatted(http.port()));
        }
        for (String proxy : http.trustedProxies()) {
            if (!isAddressBlock(proxy)) {
                found.add(
                        "http.trustedProxies holds '%s', which is neither an IP address nor a CIDR block such as 10.0.0.0/8"
                                .formatted(proxy));
            }
        }
        atLeast(Duration.ofMillis(1), http.shutdownTimeout(), "http.shutdownTimeout");
    }

    void ofDatabase(Database database) {
        if (!database.jdbcUrl().startsWith("jdbc:postgresql:")) {
            found.add("database.jdbcUrl must start with jdbc:postgresql:");
        }
        if (database.readUrl()
                .filter(url -> !url.startsWith("jdbc:postgresql:"))
                .isPresent()) {
            found.add("database.readUrl must start with jdbc:postgresql:");
        }
        atLeast(1, database.poolSize(), "database.poolSize");
        // HikariCP takes no less.
        atLeast(Duration.ofMillis(250), database.connectionTimeout(), "database.connectionTimeout");
        atLeast(Duration.ofMillis(1), database.queryTimeout(), "database.queryTimeout");
    }

    void ofAuthentication(Authentication authentication) {
        if (authentication instanceof Authentication.Oidc oidc) {
            oidc.check(found);
        }
    }

    void ofAudit(Audit audit) {
        atLeast(1, audit.queueCapacity(), "audit.queueCapacity");
        atLeast(1, audit.batchSize(), "audit.batchSize");
        atLeast(Duration.ofMillis(1), audit.writeTimeout(), "audit.writeTimeout");
        atLeast(1, audit.denials().burst(), "audit.denials.burst");
        atLeast(1, audit.denials().burstInAll(), "audit.denials.burstInAll");
        atLeast(Duration.ofMillis(1), audit.denials().summaryEvery(), "audit.denials.summaryEvery");
    }

    void ofLimits(Limits limits) {
        atLeast(0, limits.requestsPerSecond(), "limits.requestsPerSecond");
        atLeast(1, limits.burst(), "limits.burst");
    }

    /** What only stage {@code local} may do, and what it may not do either. */
    void ofStage(String stage, Authentication authentication, Http http, List<String> cursorKeys) {
        boolean local = stage.equals(LOCAL);
        boolean open = authentication instanceof Authentication.Disabled;
        if (!local && open) {
            found.add("authentication is disabled in stage " + stage + ", which only stage local may do; use oidc");
        }
        if (local && open && !isOnThisMachineOnly(http.bindAddress())) {
            found.add(
                    "http.bindAddress is %s and authentication is disabled, so others on the network could act; use 127.0.0.1 or oidc"
                            .formatted(http.bindAddress()));
        }
        if (!local && cursorKeys.isEmpty()) {
            found.add("cursorSecret is missing in stage " + stage + "; give every process the same secret");
        }
        for (String key : cursorKeys) {
            if (key.length() < LookupApiSettings.SHORTEST_SECRET) {
                found.add("cursorSecret has %d characters; at least %d are needed"
                        .formatted(key.length(), LookupApiSettings.SHORTEST_SECRET));
            }
        }
    }

    void atLeast(Duration least, Duration seen, String name) {
        if (seen.compareTo(least) < 0) {
            found.add("%s is %s; at least %s is needed".formatted(name, seen, least));
        }
    }

    private void atLeast(int least, int seen, String name) {
        if (seen < least) {
            found.add("%s is %d; at least %d is needed".formatted(name, seen, least));
        }
    }

    /** @throws IllegalArgumentException with every problem at once, if there is one */
    void refuse() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException("The lookup API's settings are refused: " + String.join("; ", found));
        }
    }

    private static boolean isAddressBlock(String text) {
        try {
            return !text.isBlank() && new IpAddressMatcher(text).toString() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOnThisMachineOnly(String bindAddress) {
        try {
            return InetAddress.getByName(bindAddress).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true; // it cannot be listened on, and is refused for that
        }
    }
}
