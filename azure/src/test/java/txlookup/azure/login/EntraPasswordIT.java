package txlookup.azure.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.profiles.settings.DatabaseSettings;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** Tokens as passwords of a real server that demands a password, and one role that owns what each login makes. */
class EntraPasswordIT {
    private static final String ADMINISTRATORS_PASSWORD = UUID.randomUUID().toString();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final List<String> SCOPES = new CopyOnWriteArrayList<>();

    private static volatile String issued = "";
    private static volatile Duration lifetime = Duration.ofHours(1);

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getMessage() + " " + java.util.Arrays.toString(line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final java.util.logging.Logger driver = java.util.logging.Logger.getLogger("org.postgresql");
    private final List<Logger> ours = Stream.of("com.zaxxer", "com.azure", "txlookup", "org.flywaydb")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    private static final long GENERATION = 20260101000000L;

    private TestDatabase database;
    private DatabaseSettings settings;
    private String containers;

    /** What the driver makes: {@link EntraPassword} with tokens of this test. */
    public static final class OurTokens implements AuthenticationPlugin {
        private static final TokenCredential ISSUER = context -> {
            SCOPES.addAll(context.getScopes());
            return Mono.just(
                    new AccessToken(issued, OffsetDateTime.now(ZoneOffset.UTC).plus(lifetime)));
        };

        @Override
        public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
            return new EntraPassword(ISSUER).getPassword(type);
        }
    }

    /** An administrator as Azure makes one: he may make roles and schemas, and is no superuser. */
    @BeforeEach
    void arrange() throws SQLException {
        SCOPES.clear();
        lifetime = Duration.ofHours(1);
        database = SharedPostgres.newDatabase();
        String administrator = "administrator_of_" + database.name();
        containers = "team4-txlookup-id-" + database.name();
        settings = new DatabaseSettings(
                "127.0.0.1",
                SharedPostgres.server().port(),
                database.name(),
                administrator,
                Optional.of("PASSWORD"),
                "disable",
                2,
                Duration.ofSeconds(30),
                DatabaseLogin.ENTRA,
                Distribution.NONE,
                2,
                1,
                Optional.empty());
        superuser("CREATE ROLE %s LOGIN CREATEROLE PASSWORD '%s'".formatted(administrator, ADMINISTRATORS_PASSWORD));
        superuser("ALTER DATABASE %s OWNER TO %s".formatted(database.name(), administrator));
        issue("CREATE ROLE");
        appender.start();
        ours.forEach(logger -> {
            logger.addAppender(appender);
            logger.setAdditive(false);
            logger.setLevel(Level.TRACE);
        });
        driver.addHandler(handler);
        driver.setLevel(java.util.logging.Level.ALL);
    }

    @AfterEach
    void stop() {
        ours.forEach(logger -> {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        });
        driver.removeHandler(handler);
        driver.setLevel(null);
    }

    @Test
    void whatTheMakerMigratedWithAPasswordBelongsToTheContainersThatLogInWithATokenToo() throws SQLException {
        assertThatThrownBy(() -> share("nobody")).hasMessageContaining("has no role nobody");
        share();
        share();
        try (HikariDataSource maker = open(
                DatabaseAccess.jdbcUrlOfMaker(settings.jdbcUrl(), settings),
                settings.user(),
                ADMINISTRATORS_PASSWORD)) {
            assertThat(Migrations.ofControl(maker).toHead()).isNotEmpty();
        }
        try (HikariDataSource container = openByToken()) {
            assertThat(Migrations.ofControl(container).revision().isHead()).isTrue();
            assertThat(Migrations.ofGeneration(container, GENERATION).toHead())
                    .as("containers make the schemas of generations")
                    .isNotEmpty();
            assertThat(texts(container, "SELECT session_user || ' as ' || current_user"))
                    .containsExactly(containers + " as " + database.name() + "_owner");
            for (DatabaseRole role : DatabaseRole.values()) {
                try (HikariDataSource pool = openByToken(role)) {
                    assertThat(texts(pool, "SELECT current_user::text")).containsExactly(role.in(database.name()));
                }
            }
            assertThat(texts(container, "ALTER TABLE ledger_entry ADD COLUMN of_a_later_migration int"))
                    .as("only who owns a table may alter it")
                    .isEmpty();
        }
        assertThat(SCOPES).isNotEmpty().containsOnly("https://ossrdbms-aad.database.windows.net/.default");
    }

    @Test
    void anAdministratorThatMayNotHandOutTheRightToMakeSchemasIsToldWhoMay() throws SQLException {
        superuser("ALTER DATABASE %s OWNER TO CURRENT_USER".formatted(database.name()));
        superuser("GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), settings.user()));

        assertThatThrownBy(this::share)
                .hasMessageContaining("may not make schemas in database " + database.name())
                .hasMessageContaining("GRANT CREATE ON DATABASE");
    }

    @Test
    void eachConnectionLogsInWithTheTokenOfItsMomentAndOutlivesIt() throws SQLException {
        share();
        try (HikariDataSource container = openByToken();
                Connection first = container.getConnection()) {
            String firstToken = issued;
            issue("ALTER ROLE");
            assertThat(firstToken).isNotEqualTo(issued);
            try (Connection second = container.getConnection()) {
                assertThat(second.isValid(5)).isTrue();
            }
            assertThat(first.isValid(5))
                    .as("a token is looked at when one logs in")
                    .isTrue();
            assertThat(SCOPES).as("asked once a connection").hasSize(2);
        }
        issued = "of yesterday";
        assertThatThrownBy(this::connectByToken).hasMessageContaining("password authentication failed");
    }

    @Test
    void anExpiredTokenIsNeverSentAndNoTokenIsEverShown() {
        lifetime = Duration.ofSeconds(-1);
        assertThatThrownBy(this::connectByToken)
                .hasMessageContaining("the token for PostgreSQL is over since")
                .satisfies(this::requireNoToken);
        lifetime = Duration.ofHours(1);
        issued = "wrong-" + UUID.randomUUID();
        assertThatThrownBy(this::connectByToken)
                .hasMessageContaining("password authentication failed")
                .satisfies(this::requireNoToken);
        assertThatThrownBy(() -> new EntraPassword((TokenCredential)
                                context -> Mono.error(new IllegalStateException("nobody is logged in")))
                        .getPassword(AuthenticationRequestType.SASL))
                .isInstanceOf(PSQLException.class)
                .hasMessageContaining("log in")
                .hasMessageContaining("nobody is logged in");
    }

    private void requireNoToken(Throwable failure) {
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all, true));
        appender.list.forEach(line -> all.append(line.getFormattedMessage()).append('\n'));
        logged.forEach(line -> all.append(line).append('\n'));
        assertThat(logged).as("the driver's log was listened to").isNotEmpty();
        assertThat(all.toString()).doesNotContain(issued);
    }

    private void share() throws SQLException {
        share(containers);
    }

    private void share(String identity) throws SQLException {
        try (HikariDataSource administrator = open(settings.jdbcUrl(), settings.user(), ADMINISTRATORS_PASSWORD)) {
            new DatabaseOwner(administrator, settings).share(identity);
        }
    }

    private HikariDataSource openByToken() {
        return open(urlByToken(), containers, null);
    }

    private HikariDataSource openByToken(DatabaseRole role) {
        return StoreConnections.generation(
                role, GENERATION, urlByToken(), containers, null, 1, CONNECT, Duration.ofSeconds(30));
    }

    private void connectByToken() throws SQLException {
        java.util.Properties user = new java.util.Properties();
        user.put("user", containers);
        DriverManager.getConnection(urlByToken(), user).close();
    }

    private String urlByToken() {
        String url = DatabaseAccess.jdbcUrl(settings);
        assertThat(url).endsWith("&authenticationPluginClassName=" + EntraPassword.class.getName());
        return url.replace(EntraPassword.class.getName(), OurTokens.class.getName());
    }

    private static HikariDataSource open(String url, String user, String password) {
        return StoreConnections.generation(GENERATION, url, user, password, 2, CONNECT, Duration.ofSeconds(30));
    }

    /** Gives out another token from now on, and has the server take it. */
    private void issue(String verb) throws SQLException {
        issued = "token-" + UUID.randomUUID();
        superuser("%s \"%s\" LOGIN PASSWORD '%s'".formatted(verb, containers, issued));
    }

    private void superuser(String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static List<String> texts(HikariDataSource pool, String sql) throws SQLException {
        List<String> texts = new java.util.ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        texts.add(rows.getString(1));
                    }
                }
            }
            connection.commit();
        }
        return texts;
    }
}
