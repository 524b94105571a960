package txlookup.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** A store that takes connections and says nothing: after some lookups nobody waits for it any more. */
class StoreHangsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int CALLERS = 12;

    @Test
    void whoComesAfterOthersWaitedIsAnsweredAtOnceAndLookupsWorkOnceTheStoreSpeaks() throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        RunningApi.migrateAndServe(database);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (Line line = new Line(URI.create(database.jdbcUrl().substring("jdbc:".length())));
                RunningApi api = RunningApi.start(database, settings -> impatient(settings, line))) {
            api.store(payment("TX-1"));
            Eventually.within(
                    Duration.ofSeconds(20),
                    "an answer",
                    () -> api.get("/admin/tx/TX-1").statusCode() == 200);

            line.cut();
            List<Future<Integer>> waiting = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                waiting.add(callers.submit(() -> api.get("/admin/tx/TX-1").statusCode()));
            }
            for (Future<Integer> one : waiting) {
                assertThat(one.get()).isEqualTo(503);
            }
            long began = System.nanoTime();
            var refused = api.get("/admin/tx/TX-1");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE.dividedBy(2));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"detail\":\"the store is away; try again later\"");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();

            line.mend();
            Eventually.within(
                    Duration.ofSeconds(20),
                    "an answer",
                    () -> api.get("/admin/tx/TX-1").statusCode() == 200);
        } finally {
            callers.shutdownNow();
        }
    }

    private static LookupApiSettings impatient(LookupApiSettings settings, Line line) {
        LookupApiSettings.Database database = settings.database();
        return Changed.database(
                settings,
                new LookupApiSettings.Database(
                        database.jdbcUrl().replaceFirst("//[^/]+/", "//127.0.0.1:" + line.port() + "/"),
                        database.user(),
                        Optional.of(database.password().orElseThrow()),
                        2,
                        PATIENCE,
                        PATIENCE));
    }

    /** The way to the store. Cut, it closes what is open, and takes connections on which nothing comes. */
    private static final class Line implements AutoCloseable {
        private final ServerSocket entrance = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
        private final ExecutorService pumps = Executors.newCachedThreadPool();
        private final URI store;
        private volatile boolean cut;

        Line(URI store) throws IOException {
            this.store = store;
            pumps.execute(this::take);
        }

        int port() {
            return entrance.getLocalPort();
        }

        void cut() {
            cut = true;
            closeAll();
        }

        void mend() {
            cut = false;
            closeAll();
        }

        private void take() {
            try {
                while (true) {
                    Socket caller = entrance.accept();
                    open.add(caller);
                    if (!cut) {
                        Socket server = new Socket(store.getHost(), store.getPort());
                        open.add(server);
                        pumps.execute(() -> pump(caller, server));
                        pumps.execute(() -> pump(server, caller));
                    }
                }
            } catch (IOException e) {
                // It is closed.
            }
        }

        private static void pump(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // One of them has ended, and so does the other.
            }
        }

        private void closeAll() {
            for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            entrance.close();
            closeAll();
            pumps.shutdownNow();
        }
    }
}
