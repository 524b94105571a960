package txlookup.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupApiSettingsTest {
    private static final String SECRET = "s".repeat(LookupApiSettings.SHORTEST_SECRET);
    private static final Authentication OIDC = new Authentication.Oidc(
            URI.create("https://issuer"), "api://txlookup", Optional.empty(), Duration.ofSeconds(60));

    private final LookupApiSettings.Database database = LookupApiSettings.Database.at(
            "jdbc:postgresql://127.0.0.1/txlookup?password=in-url", "reader", Optional.of("pw-1"));

    @Test
    void theDefaultsAreThese() {
        assertThat(LookupApiSettings.Http.on("127.0.0.1", 8080))
                .isEqualTo(new LookupApiSettings.Http("127.0.0.1", 8080, List.of(), Duration.ofSeconds(20)));
        assertThat(database)
                .isEqualTo(new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        "reader",
                        Optional.of("pw-1"),
                        10,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2)));
        assertThat(LookupApiSettings.Audit.DEFAULT)
                .isEqualTo(new LookupApiSettings.Audit(10_000, 500, Duration.ofSeconds(2)));
    }

    @Test
    void stageLocalMayGoWithoutAuthenticationAndWithoutACursorSecret() {
        assertThatCode(() -> settings("local", new Authentication.Disabled(), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-test", "cloud-secure", "LOCAL", "production", ""})
    void anyOtherStageRefusesToGoWithoutAuthentication(String stage) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(stage, new Authentication.Disabled(), Optional.of(SECRET)))
                .withMessageContaining("authentication is disabled in stage " + stage);
        assertThatCode(() -> settings(stage, OIDC, Optional.of(SECRET))).doesNotThrowAnyException();
    }

    @Test
    void anyOtherStageNeedsACursorSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("cloud-test", OIDC, Optional.empty()))
                .withMessageContaining("cursorSecret is missing in stage cloud-test");
    }

    @Test
    void aShortCursorSecretIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("local", OIDC, Optional.of("short-one")))
                .withMessageContaining("cursorSecret has 9 characters; at least 32 are needed")
                .withMessageNotContaining("short-one");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LookupApiSettings(
                        "cloud-test",
                        new LookupApiSettings.Http(" ", 70_000, List.of("10.0.0.0/8", "proxy.example"), Duration.ZERO),
                        new LookupApiSettings.Database(
                                "jdbc:mysql://x", "u", Optional.empty(), 0, Duration.ofMillis(249), Duration.ZERO),
                        new Authentication.Oidc(
                                URI.create("issuer"),
                                " ",
                                Optional.of(URI.create("file:///keys")),
                                Duration.ofMinutes(11)),
                        new LookupApiSettings.Audit(0, 0, Duration.ZERO),
                        new LookupApiSettings.Limits(-1, 0),
                        Optional.empty()))
                .withMessageContainingAll(
                        "http.bindAddress",
                        "http.port is 70000",
                        "http.trustedProxies holds 'proxy.example'",
                        "http.shutdownTimeout",
                        "database.jdbcUrl",
                        "database.poolSize is 0",
                        "database.connectionTimeout",
                        "database.queryTimeout",
                        "authentication.issuer is 'issuer'",
                        "authentication.audience",
                        "authentication.jwksUri is 'file:///keys'",
                        "authentication.clockSkew is PT11M",
                        "audit.queueCapacity is 0",
                        "audit.batchSize is 0",
                        "audit.writeTimeout",
                        "limits.requestsPerSecond is -1",
                        "limits.burst is 0",
                        "cursorSecret is missing")
                .withMessageNotContaining("10.0.0.0/8,");
    }

    @Test
    void withoutAuthenticationItListensOnThisMachineOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LookupApiSettings(
                        "local",
                        LookupApiSettings.Http.on("0.0.0.0", 8080),
                        database,
                        new Authentication.Disabled(),
                        LookupApiSettings.Audit.DEFAULT,
                        LookupApiSettings.Limits.NONE,
                        Optional.of(SECRET)))
                .withMessageContaining("http.bindAddress is 0.0.0.0 and authentication is disabled");
    }

    @Test
    void noSecretIsShown() {
        assertThat(settings("local", OIDC, Optional.of(SECRET)).toString())
                .contains("reader", "127.0.0.1")
                .doesNotContain(SECRET, "pw-1", "in-url");
    }

    private LookupApiSettings settings(String stage, Authentication authentication, Optional<String> cursorSecret) {
        return new LookupApiSettings(
                stage,
                LookupApiSettings.Http.on("127.0.0.1", 0),
                database,
                authentication,
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                cursorSecret);
    }
}
