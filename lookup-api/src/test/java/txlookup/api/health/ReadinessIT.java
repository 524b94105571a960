package txlookup.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.audit.AuditWriter;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** However often strangers ask whether a process is ready, the store is asked seldom. */
class ReadinessIT {
    @Test
    void aThousandProbesTakeOneConnectionInHalfASecond() {
        TestDatabase database = SharedPostgres.newDatabase();
        RunningApi.migrate(database);
        AtomicInteger taken = new AtomicInteger();
        DataSource counting = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    taken.incrementAndGet();
                    return database.connect();
                });
        ExecutorService strangers = Executors.newFixedThreadPool(20);
        try (AuditWriter audit = new AuditWriter(counting, LookupApiSettings.Audit.DEFAULT)) {
            Readiness readiness = new Readiness(counting, audit);
            assertThat(readiness.notReady()).isEmpty();
            int first = taken.get();
            long began = System.nanoTime();
            List<CompletableFuture<Boolean>> probes = IntStream.range(0, 1_000)
                    .mapToObj(probe -> CompletableFuture.supplyAsync(
                            () -> readiness.notReady().isEmpty(), strangers))
                    .toList();
            assertThat(probes).allMatch(CompletableFuture::join);
            long halfSeconds =
                    (System.nanoTime() - began) / Duration.ofMillis(500).toNanos();
            assertThat(taken.get() - first).isLessThanOrEqualTo(1 + Math.toIntExact(halfSeconds));

            RunningApi.execute(database, "ALTER TABLE bo.audit RENAME TO audit_away");
            Eventually.within(Duration.ofSeconds(10), "it says so", () -> !readiness
                    .notReady()
                    .isEmpty());
        } finally {
            strangers.shutdownNow();
        }
    }
}
