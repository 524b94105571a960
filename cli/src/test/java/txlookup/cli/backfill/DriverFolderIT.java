package txlookup.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** The launcher itself, in a checkout that is built already, with and without a driver in its folder. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DriverFolderIT {
    private static final List<String> CLASS_PATH =
            Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));

    private final TestDatabase database = SharedPostgres.newDatabase();

    @TempDir
    private Path checkout;

    @BeforeEach
    void build() throws Exception {
        Files.copy(Path.of("..", "txlookup"), checkout.resolve("txlookup"));
        Path target = Files.createDirectories(checkout.resolve("cli/target"));
        Files.createDirectories(checkout.resolve("local/broker/target/lib"));
        Files.createDirectories(checkout.resolve("local/issuer/target/lib"));
        Files.createDirectories(checkout.resolve("cli/target/development"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        CLASS_PATH.stream()
                                .filter(entry -> !isH2(entry))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream jar = Files.newOutputStream(target.resolve("txlookup.jar"))) {
            new JarOutputStream(jar, manifest).close();
        }
        Files.createFile(target.resolve("built-by-launcher"));
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.jdbcUrl());
        owner.setUser(database.user());
        owner.setPassword(database.password());
        Migrations.ofControl(owner).toHead();
        Path secrets = Files.createDirectories(checkout.resolve("data/secrets"));
        Files.writeString(secrets.resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        try (Connection source = DriverManager.getConnection(sourceUrl(), "reader", "");
                Statement statement = source.createStatement()) {
            statement.execute("CREATE TABLE movements AS SELECT x AS id FROM system_range(1, 7)");
        }
    }

    private static boolean isH2(String entry) {
        return Path.of(entry).getFileName().toString().startsWith("h2-");
    }

    private String sourceUrl() {
        return "jdbc:h2:" + checkout.resolve("source");
    }

    @AfterEach
    void drop() {
        SharedPostgres.server().dropDatabase(database.name());
    }

    private String plan() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("txlookup").toString(), "backfill", "--dry-run"));
        for (String setting : List.of(
                "local.dataFolder=" + checkout.resolve("data"),
                "local.postgresPort=" + SharedPostgres.server().port(),
                "database.name=" + database.name(),
                "database.user=" + database.user(),
                "backfill.source=jdbc",
                "backfill.jdbc.url=" + sourceUrl(),
                "backfill.jdbc.user=reader",
                "backfill.jdbc.ledgerQuery=SELECT 't' || id AS tx_id, 'w' AS wallet_id, 'PAYMENT' AS entry_type,"
                        + " 1 AS amount, CURRENT_TIMESTAMP AS event_time FROM movements",
                "backfill.jdbc.paymentOrderQuery=SELECT 'o' || id AS order_id, 1 AS amount, 'PAID' AS status,"
                        + " CURRENT_TIMESTAMP AS created_at FROM movements")) {
            command.addAll(List.of("--set", setting));
        }
        ProcessBuilder launcher =
                new ProcessBuilder(command).directory(Path.of("..").toFile()).redirectErrorStream(true);
        launcher.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would say that it took them
        launcher.environment()
                .put(
                        "TXLOOKUP_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        launcher.environment().remove("TXLOOKUP_DRIVERS");
        Process process = launcher.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit %d: %s".formatted(process.waitFor(), output);
    }

    @Test
    void aDriverInTheFolderIsUsedAndWithoutItTheFolderIsNamed() throws Exception {
        assertThat(plan())
                .isEqualToIgnoringNewLines(
                        "exit 4: txlookup backfill: No JDBC driver takes backfill.jdbc.url, which begins with jdbc:h2:; put the driver's jar into %s and run this again"
                                .formatted(checkout.resolve("drivers")));
        Path drivers = Files.createDirectories(checkout.resolve("drivers"));
        for (String entry : CLASS_PATH) {
            if (isH2(entry)) {
                Files.copy(Path.of(entry), drivers.resolve(Path.of(entry).getFileName()));
            }
        }
        assertThat(plan())
                .startsWith("exit 0:")
                .containsPattern("ledgerQuery#\\w+: LEDGER_ENTRY, about 7 rows in 1 chunks; 0 of the first 7 would");
    }
}
