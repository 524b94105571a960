package txlookup.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** Questions that hang take no connection from lookups. */
class BulkheadIT {
    private static final int HANGING = 12;

    @Test
    void lookupsAreAnsweredWhileTheListOfOpenPaymentsHangs() throws Exception {
        ExecutorService callers = Executors.newCachedThreadPool();
        try (RunningApi api = RunningApi.start(settings -> Changed.database(
                        settings,
                        new LookupApiSettings.Database(
                                settings.database().jdbcUrl(),
                                settings.database().user(),
                                settings.database().password(),
                                4,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(3))));
                Connection other = api.database().connect();
                Statement statement = other.createStatement()) {
            api.store(payment("TX-1"));
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE open_payment");
            List<Future<Integer>> hanging = new ArrayList<>();
            for (int one = 0; one < HANGING; one++) {
                hanging.add(callers.submit(() -> api.get("/admin/open-pairs").statusCode()));
            }
            Thread.sleep(300);

            for (int lookup = 0; lookup < 20; lookup++) {
                long began = System.nanoTime();
                assertThat(api.get("/admin/tx/TX-1").statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            }
            assertThat(hanging).anyMatch(one -> !one.isDone());
            other.rollback();
            for (Future<Integer> one : hanging) {
                assertThat(one.get()).isIn(200, 503);
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
