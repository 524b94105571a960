package txlookup.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.context.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.store.pairing.OpenPayments;
import txlookup.local.testing.LooksSpread;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.testing.TestSecrets;
import txlookup.migrations.Migrations;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** The real API on a free port, over a migrated database of its own, at a fixed time. */
public final class RunningApi implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-02-05T01:00:10Z");
    private static final String UNDEFINED_COLUMN = "42703";

    public static final String CURSOR_SECRET = TestSecrets.keep("a secret of at least 32 characters");

    /** What serves in a database that {@link #start()} made; tables without a schema are its. */
    public static final long GENERATION = 20260205005000L;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Tables tables = Tables.PLAIN;

    /** How the tables of a service's database are made. */
    enum Tables {
        PLAIN,
        SPREAD,
        PARTITIONED
    }

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final TestDatabase database;
    private final LookupApi api;

    private RunningApi(TestDatabase database, LookupApi api) {
        this.database = database;
        this.api = api;
    }

    /** Whether this process takes back what fails, as it does; a test of the trial itself lets it be. */
    public void takesBack(boolean wanted) {
        Lifecycle watch = api.running("servingWatch");
        if (wanted) {
            watch.start();
        } else {
            watch.stop();
        }
    }

    public static RunningApi start() {
        return start(settings -> settings);
    }

    public static RunningApi start(UnaryOperator<LookupApiSettings> change) {
        return start(served(), change);
    }

    /** A migrated database in which an empty generation serves. */
    static TestDatabase served() {
        TestDatabase database = migrated();
        register(database, GENERATION);
        serve(database, GENERATION);
        return database;
    }

    public static void migrateAndServe(TestDatabase database) {
        migrate(database);
        register(database, GENERATION);
        serve(database, GENERATION);
    }

    /** With what the golden answers are about, already there when it starts. */
    public static RunningApi startFilled(UnaryOperator<LookupApiSettings> change) {
        TestDatabase database = migrated();
        try {
            execute(database, Files.readString(GoldenExchange.FOLDER.resolve("fixture.sql"), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        list(database);
        return start(database, change);
    }

    /** Stops it, and starts another over the same store, whose list of open payments is right. */
    public RunningApi again() {
        close();
        list(database);
        return start(database, settings -> settings);
    }

    /** As a load does at its end, for rows that no consumer brought. */
    public void list() {
        list(database);
    }

    private static void list(TestDatabase database) {
        try (Connection store = database.connect()) {
            OpenPayments.fill(store);
        } catch (SQLException e) {
            // Tests break tables, too.
            if (!UNDEFINED_COLUMN.equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static RunningApi start(TestDatabase database, UnaryOperator<LookupApiSettings> change) {
        LookupApiSettings settings = change.apply(settings(database));
        return new RunningApi(database, LookupApi.start(settings, Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    static LookupApiSettings settings(TestDatabase database) {
        return new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.of(CURSOR_SECRET));
    }

    /** Makes the tables of the databases of services that are started from now on so. */
    static void tables(Tables wanted) {
        tables = wanted;
    }

    private static TestDatabase migrated() {
        TestDatabase database =
                switch (tables) {
                    case PLAIN -> SharedPostgres.newDatabase("one generation", made -> migrate(made, GENERATION));
                    case SPREAD ->
                        SharedPostgres.newDatabase("one generation that looks spread", made -> {
                            migrate(made, GENERATION);
                            LooksSpread.make(made, Migrations.schema(GENERATION));
                        });
                    case PARTITIONED ->
                        SharedPostgres.newDatabase("one generation with partitions", made -> {
                            Migrations.ofControl(made.connections()).toHead();
                            Migrations.ofGeneration(made.connections(), GENERATION, Distribution.NONE, 4)
                                    .toHead();
                        });
                };
        look(database);
        return database;
    }

    public static void migrate(TestDatabase database) {
        migrate(database, GENERATION);
        look(database);
    }

    private static void look(TestDatabase database) {
        // Of the tests' own connections; those of the API say theirs at their start.
        execute(database, "ALTER DATABASE %s SET search_path = g%d, pg_temp".formatted(database.name(), GENERATION));
    }

    /** Makes the tables of one more generation. */
    public static void migrate(TestDatabase database, long generation) {
        Migrations.toHead(database.connections(), generation);
    }

    /** Says that a generation is ready. */
    public static void register(TestDatabase database, long generation) {
        execute(database, """
                INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                VALUES (%1$d, 'test', 'kim', 'g%1$d', 'canonical-v1', to_timestamp('%1$d', 'YYYYMMDDHH24MISS'), 'READY')""".formatted(generation));
    }

    /** As a switch does it. */
    public static void serve(TestDatabase database, long generation) {
        execute(database, "UPDATE bo.serving SET generation = %d, epoch = epoch + 1".formatted(generation));
    }

    /** Waits until a process has all its connections to a generation: none is made, and runs each lookup, after that. */
    public static void awaitPrepared(TestDatabase database, long generation) {
        Eventually.within(Duration.ofSeconds(20), "a process is prepared for " + generation, () -> {
            try (Connection store = database.connect();
                    Statement statement = store.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*) FROM bo.process WHERE prepared @> ARRAY[%d]".formatted(generation))) {
                return row.next() && row.getInt(1) > 0;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** One segment of a path, whatever it holds. */
    public static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public int port() {
        return api.port();
    }

    public Set<String> routes() {
        return api.routes();
    }

    public void store(StoredEntry... entries) {
        try (Connection store = database.connect()) {
            for (StoredEntry entry : entries) {
                entry.insert(store);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void store(StoredOrder order) {
        try (Connection store = database.connect()) {
            order.insert(store);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        execute(database, sql);
    }

    public static void execute(TestDatabase database, String sql) {
        try (Connection store = database.connect();
                Statement statement = store.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestDatabase database() {
        return database;
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", HttpRequest.BodyPublishers.ofString(body), path, headers);
    }

    public HttpResponse<String> send(String method, String path, String... headers) {
        return send(method, HttpRequest.BodyPublishers.noBody(), path, headers);
    }

    private HttpResponse<String> send(String method, HttpRequest.BodyPublisher body, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public JsonNode json(String path, String... headers) {
        return JSON.readTree(get(path, headers).body());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        api.close();
    }
}
