package txlookup.local.postgres;

import java.util.Optional;
import txlookup.local.process.Ports;

/**
 * A PostgreSQL server on this machine, a process of its own that outlives the JVM that started it. Whoever names the
 * same data folder later finds it running and takes it over.
 *
 * <p>All methods throw {@code LocalEnvironmentException} when the machine does not let them do their work.
 */
public final class LocalPostgres implements AutoCloseable {
    private final PostgresSettings settings;
    private volatile PostmasterFile server;

    private LocalPostgres(PostgresSettings settings, PostmasterFile server) {
        this.settings = settings;
        this.server = server;
    }

    /**
     * Returns when the server takes connections. Makes the database cluster when the data folder is missing or empty. A
     * server that runs on this data folder already is adopted with the port it has.
     */
    public static LocalPostgres start(PostgresSettings settings) {
        return new LocalPostgres(settings, new PostgresServer(settings).provide(settings.port()));
    }

    /** The server that runs on this data folder, be it still starting or already stopping; starts nothing. */
    public static Optional<LocalPostgres> find(PostgresSettings settings) {
        return PostmasterFile.ofRunningServer(settings.dataFolder()).map(server -> new LocalPostgres(settings, server));
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** The process id of the postmaster. */
    public long pid() {
        return server.process().pid();
    }

    /** A JDBC URL without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port() + "/" + database;
    }

    /** Whether this server's process is alive; not whether it answers. */
    public boolean isRunning() {
        return server.process().isAlive();
    }

    /** Makes an empty database unless it is there. Returns whether it was made. */
    public boolean createDatabase(String name) {
        return databases().create(name);
    }

    /** Drops a database with everything in it, ending the sessions that use it. Returns whether it was there. */
    public boolean dropDatabase(String name) {
        return databases().drop(name);
    }

    private PostgresDatabases databases() {
        return new PostgresDatabases(port(), settings.superuser(), settings.password());
    }

    /** Ends the sessions and stops in good order (a fast shutdown). Does nothing when it is not running. */
    public void stop() {
        new PostgresServer(settings).stop(server.process());
    }

    /** Stops when running, and starts again on the same port. */
    public void restart() {
        stop();
        server = new PostgresServer(settings).provide(server.port());
    }

    /** Kills all its processes at once, as a power cut would: nothing is flushed. For tests of recovery. */
    public void crash() {
        new PostgresServer(settings).crash(server.process());
    }

    /** The same as {@link #stop()}. To leave the server running, do not close. */
    @Override
    public void close() {
        stop();
    }
}
