package txlookup.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.Command;
import txlookup.local.process.Deadline;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.Ports;
import txlookup.local.process.ProcessIdentity;
import txlookup.local.process.Signal;
import txlookup.local.testing.SharedPostgres;

class LocalPostgresIT {
    @TempDir
    Path folder;

    private PostgresSettings settings;

    @BeforeEach
    void chooseDataFolder() {
        settings = SharedPostgres.settings(folder.resolve("data"));
    }

    @AfterEach
    void crashWhatStillRuns() {
        LocalPostgres.find(settings).ifPresent(LocalPostgres::crash);
    }

    @Test
    void keepsItsDataOverStopAndRestartAndStaysOnItsPort() throws SQLException {
        LocalPostgres postgres = LocalPostgres.start(settings);
        int port = postgres.port();
        long firstPid = postgres.pid();
        execute(postgres, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')");

        postgres.stop();

        assertThat(postgres.isRunning()).isFalse();
        assertThat(Ports.isTaken(port)).isFalse();

        postgres.restart();

        assertThat(postgres.isRunning()).isTrue();
        assertThat(postgres.port()).isEqualTo(port);
        assertThat(postgres.pid()).isNotEqualTo(firstPid);
        assertThat(query(postgres, "SELECT word FROM kept")).isEqualTo("still here");
    }

    @Test
    void speaksUtf8AndAsksForThePassword() throws SQLException {
        LocalPostgres postgres = LocalPostgres.start(settings);

        assertThat(query(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(query(postgres, "SELECT upper('é')")).isEqualTo("É");
        assertThat(query(postgres, "SELECT datcollate || ' ' || datlocale FROM pg_database WHERE datname = 'postgres'"))
                .isEqualTo("C C.UTF-8");
        assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl("postgres"), "postgres", "wrong")
                        .close())
                .hasMessageContaining("password authentication failed");
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".password"));
    }

    @Test
    void adoptsTheServerThatItsStarterForgot() throws SQLException {
        LocalPostgres forgotten = LocalPostgres.start(settings);
        execute(forgotten, "CREATE TABLE adopted (word text)");

        LocalPostgres adopted = LocalPostgres.start(settings);

        assertThat(adopted.pid()).isEqualTo(forgotten.pid());
        assertThat(adopted.port()).isEqualTo(forgotten.port());
        adopted.stop();
        assertThat(forgotten.isRunning()).isFalse();
        assertThat(LocalPostgres.find(settings)).isEmpty();
    }

    @Test
    void twoStartsAtOnceGiveOneServer() {
        CompletableFuture<LocalPostgres> one = CompletableFuture.supplyAsync(() -> LocalPostgres.start(settings));
        LocalPostgres other = LocalPostgres.start(settings);

        assertThat(one.join().pid()).isEqualTo(other.pid());
    }

    @Test
    void recoversWhatWasCommittedBeforeACrash() throws SQLException {
        PostgresSettings durable = withConfiguration(Map.of("fsync", "on", "full_page_writes", "on"));
        LocalPostgres postgres = LocalPostgres.start(durable);
        execute(postgres, "CREATE TABLE committed (word text)", "INSERT INTO committed VALUES ('survives')");

        postgres.crash();

        assertThat(postgres.isRunning()).isFalse();
        assertThat(durable.dataFolder().resolve("postmaster.pid")).exists();

        LocalPostgres again = LocalPostgres.start(durable);

        assertThat(query(again, "SELECT word FROM committed")).isEqualTo("survives");
    }

    @Test
    void startsAlthoughOnlyThePostmasterWasKilled() throws SQLException {
        LocalPostgres postgres = LocalPostgres.start(settings);
        try (Connection session = connect(postgres);
                Statement statement = session.createStatement()) {
            statement.execute("SELECT 1");
            ProcessIdentity postmaster = ProcessIdentity.of(postgres.pid()).orElseThrow();
            Signal.KILL.send(postmaster);
            assertThat(Deadline.after(settings.deadline()).await(() -> !postmaster.isAlive()))
                    .isTrue();

            LocalPostgres again = LocalPostgres.start(settings);

            assertThat(query(again, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void makesTheClusterAnewWhenInitdbWasKilledHalfWay() throws Exception {
        Path halfDone = Files.createDirectory(folder.resolve("data.initdb-123"));
        Files.createDirectories(halfDone.resolve("base/1"));
        Files.writeString(halfDone.resolve("PG_VERSION"), "18\n");
        Files.createFile(folder.resolve("data.initdb-9.password"));

        LocalPostgres postgres = LocalPostgres.start(settings);

        assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().contains("initdb"));
    }

    @Test
    void initdbKilledWhileItWorksLeavesNoDataFolder() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.in(settings.binariesFolder());
        PostgresAccount account = PostgresAccount.choose(binaries, settings.dataFolder());
        PostgresCluster cluster = new PostgresCluster(settings, binaries, account);

        assertThatThrownBy(() -> cluster.provide(Deadline.after(Duration.ofMillis(100))))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("did not end within");

        assertThat(settings.dataFolder()).doesNotExist();
        assertThat(query(LocalPostgres.start(settings), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void refusesThePortOfAnotherProgramInOneLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PostgresSettings taken = onPort(other.getLocalPort());

            assertThatThrownBy(() -> LocalPostgres.start(taken))
                    .isInstanceOf(LocalEnvironmentException.class)
                    .hasMessage("PostgreSQL cannot listen on 127.0.0.1:" + other.getLocalPort()
                            + ": another program has" + " that port; stop it or give PostgreSQL another port");
        }
    }

    @Test
    void refusesTheDataOfAnotherMajorVersion() throws Exception {
        Files.createDirectories(settings.dataFolder());
        Files.writeString(settings.dataFolder().resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(() -> LocalPostgres.start(settings))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("was made by PostgreSQL 17, but this is PostgreSQL 18")
                .hasMessageContaining("txlookup down --destroy");
    }

    @Test
    void leavesAFolderAloneThatHoldsSomethingElse() throws Exception {
        Files.createDirectories(settings.dataFolder());
        Path precious = Files.writeString(settings.dataFolder().resolve("thesis.txt"), "precious");

        assertThatThrownBy(() -> LocalPostgres.start(settings))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("holds no PostgreSQL data");

        assertThat(precious).hasContent("precious");
    }

    @Test
    void doesNotMistakeAnotherProcessWithTheOldIdForTheServer() throws Exception {
        LocalPostgres postgres = LocalPostgres.start(settings);
        postgres.crash();
        Path lockFile = settings.dataFolder().resolve("postmaster.pid");
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            List<String> lines = Files.readAllLines(lockFile);
            lines.set(0, Long.toString(stranger.pid()));
            Files.write(lockFile, lines);

            assertThat(LocalPostgres.find(settings)).isEmpty();
            LocalPostgres again = LocalPostgres.start(settings);

            assertThat(again.pid()).isNotEqualTo(stranger.pid());
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void showsTheLogWhenTheServerDoesNotComeUp() {
        PostgresSettings wrong = withConfiguration(Map.of("shared_buffers", "nonsense"));

        assertThatThrownBy(() -> LocalPostgres.start(wrong))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("did not start, exit code 1")
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"nonsense\"");
    }

    @Test
    void runsInASessionOfItsOwnSoThatCtrlCDoesNotReachIt() throws Exception {
        LocalPostgres postgres = LocalPostgres.start(settings);

        String session = Command.run(
                        List.of("ps", "-o", "sess=", "-p", Long.toString(postgres.pid())), settings.deadline())
                .output();

        assertThat(session.strip()).isEqualTo(Long.toString(postgres.pid()));
    }

    @Test
    void makesAndDropsDatabases() throws SQLException {
        LocalPostgres postgres = LocalPostgres.start(settings);

        assertThat(postgres.createDatabase("with-hyphen")).isTrue();
        assertThat(postgres.createDatabase("with-hyphen")).isFalse();
        assertThat(query(postgres, "SELECT count(*) FROM pg_database WHERE datname = 'with-hyphen'"))
                .isEqualTo("1");
        assertThat(postgres.dropDatabase("with-hyphen")).isTrue();
        assertThat(postgres.dropDatabase("with-hyphen")).isFalse();
    }

    private PostgresSettings onPort(int port) {
        return new PostgresSettings(
                settings.dataFolder(),
                settings.binariesFolder(),
                port,
                settings.superuser(),
                settings.password(),
                settings.configuration(),
                settings.logFile(),
                settings.deadline());
    }

    private PostgresSettings withConfiguration(Map<String, String> changes) {
        Map<String, String> configuration = new HashMap<>(settings.configuration());
        configuration.putAll(changes);
        return new PostgresSettings(
                settings.dataFolder(),
                settings.binariesFolder(),
                settings.port(),
                settings.superuser(),
                settings.password(),
                configuration,
                settings.logFile(),
                settings.deadline());
    }

    private Connection connect(LocalPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl("postgres"), settings.superuser(), settings.password());
    }

    private void execute(LocalPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String query(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
