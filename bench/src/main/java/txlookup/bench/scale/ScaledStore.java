package txlookup.bench.scale;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;
import txlookup.migrations.Migrations;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** A point's database on a server whose data outlive the run, with the one generation in it. */
public final class ScaledStore {
    // Bytes of files that are not in the page cache any more are read from the disk.
    private static final String FORGET =
            "find \"$0\" -type f -size +8k -exec dd if={} iflag=nocache count=0 status=none ';'";

    private final Servers servers;
    private final String url;

    private ScaledStore(Servers servers, ScalePoint point) {
        this.servers = servers;
        this.url = servers.newDatabase(database(point));
    }

    private static String database(ScalePoint point) {
        return "scale_" + point.name();
    }

    /** A new one in the place of what a run left that was killed while it loaded. */
    static ScaledStore make(Servers servers, ScalePoint point) throws SQLException {
        servers.drop(database(point));
        ScaledStore store = new ScaledStore(servers, point);
        try (HikariDataSource connections = store.connections()) {
            Migrations.ofControl(connections).toHead();
            Migrations.ofGeneration(connections, Servers.GENERATION, Distribution.NONE, point.partitions())
                    .toHead();
            new GenerationRegistry(connections)
                    .plan(new Generation(
                            Servers.GENERATION,
                            "bench",
                            "bench",
                            "bench",
                            "canonical-v1",
                            ScalePoint.CUTOVER,
                            Generation.State.PLANNED,
                            null));
        }
        return store;
    }

    /** The one that an earlier phase loaded. */
    static ScaledStore loaded(Servers servers, ScalePoint point) throws SQLException {
        ScaledStore store = new ScaledStore(servers, point);
        if (store.number("SELECT count(*) FROM pg_tables WHERE tablename = 'coverage'") == 0) {
            throw new IllegalStateException(
                    "The store of %s is gone, though its load is finished. Begin again in an empty folder"
                            .formatted(point.name()));
        }
        return store;
    }

    Servers servers() {
        return servers;
    }

    String url() {
        return url;
    }

    HikariDataSource connections() {
        return StoreConnections.generation(
                Servers.GENERATION, url, "bench", "bench", 12, Duration.ofSeconds(10), Duration.ofHours(4));
    }

    /** From now on a stream may be applied to it. */
    void letEventsIn() throws SQLException {
        try (HikariDataSource connections = connections()) {
            GenerationRegistry registry = new GenerationRegistry(connections);
            registry.anchor(Servers.GENERATION, List.of(), Instant.now());
            registry.moveTo(Servers.GENERATION, Generation.State.CATCHING_UP, null);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return Sql.number(connection, sql);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "bench", "bench");
    }

    /** What an earlier measurement left to be written must not be written in the next one. */
    void settle() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    /** Neither the server nor the system has a page of it in memory afterwards. */
    void forgetPages() throws IOException, InterruptedException {
        servers.postgres().stop();
        Path files = servers.folder().resolve("postgres").resolve("base");
        int code = new ProcessBuilder("sh", "-c", FORGET, files.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(
                    "The system was not made to forget the pages of %s: dd ended with %d".formatted(files, code));
        }
        servers.postgres().restart();
    }

    /** Gives its disk back; the point is measured. */
    public static void drop(Servers servers, ScalePoint point) {
        servers.drop(database(point));
    }
}
