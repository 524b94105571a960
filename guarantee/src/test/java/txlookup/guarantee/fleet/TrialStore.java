package txlookup.guarantee.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Stream;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.GivenStore;

/** The server that holds the stores of trials, and what faults do to it. */
public sealed interface TrialStore {
    /** A JDBC URL without user and password. */
    String jdbcUrl(String database);

    String password();

    int port();

    /** Whether it can be killed, frozen and started. */
    boolean isControlled();

    /** Whether its processes, its log and its disk are within reach, and its tables are on it alone. */
    boolean isOwn();

    void restart();

    void crash();

    /** Lets all its processes stand still. */
    void freeze() throws Exception;

    void thaw() throws Exception;

    /** How long its log is, in bytes. */
    long logLength() throws IOException;

    /** What it wrote since its log was that long; nothing where the log is out of reach. */
    String said(long since) throws IOException;

    /** One that this JVM started. */
    record Own(LocalPostgres server, PostgresSettings settings) implements TrialStore {
        @Override
        public String jdbcUrl(String database) {
            return server.jdbcUrl(database);
        }

        @Override
        public String password() {
            return settings.password();
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public boolean isControlled() {
            return true;
        }

        @Override
        public boolean isOwn() {
            return true;
        }

        @Override
        public void restart() {
            server.restart();
        }

        @Override
        public void crash() {
            server.crash();
        }

        @Override
        public void freeze() throws Exception {
            signal("STOP");
        }

        @Override
        public void thaw() throws Exception {
            signal("CONT");
        }

        private void signal(String signal) throws Exception {
            ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
            String pids = String.join(
                    " ",
                    Stream.concat(Stream.of(postmaster), postmaster.descendants())
                            .map(process -> Long.toString(process.pid()))
                            .toList());
            // A backend may end between the listing and the signal.
            new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + pids + " 2>/dev/null; true")
                    .inheritIO()
                    .start()
                    .waitFor();
        }

        @Override
        public long logLength() throws IOException {
            return Files.size(settings.logFile());
        }

        @Override
        public String said(long since) throws IOException {
            return Files.readString(settings.logFile(), StandardCharsets.ISO_8859_1)
                    .substring(Math.toIntExact(since));
        }
    }

    /** One that somebody gives to the tests; its user is {@code postgres}. */
    record Given(GivenStore server) implements TrialStore {
        @Override
        public String jdbcUrl(String database) {
            return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
        }

        @Override
        public String password() {
            return server.password();
        }

        @Override
        public int port() {
            return Integer.parseInt(server.jdbcUrl("x").replaceFirst("^.*?//[^/]*:(\\d+)/.*$", "$1"));
        }

        @Override
        public boolean isControlled() {
            return GivenStore.isControlled();
        }

        @Override
        public boolean isOwn() {
            return false;
        }

        @Override
        public void restart() {
            GivenStore.control("kill");
            GivenStore.control("start");
        }

        @Override
        public void crash() {
            GivenStore.control("kill");
        }

        @Override
        public void freeze() {
            GivenStore.control("freeze");
        }

        @Override
        public void thaw() {
            GivenStore.control("thaw");
        }

        @Override
        public long logLength() {
            return 0;
        }

        @Override
        public String said(long since) {
            return "";
        }
    }
}
