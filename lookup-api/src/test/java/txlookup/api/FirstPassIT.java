package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.api.StoredEntry.payment;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.api.openpayment.OpenPair;
import txlookup.api.openpayment.OpenPairScan;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.openpayment.OpenPairsQuery;
import txlookup.api.web.CursorSigner;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** Open payments are found at the start, before anybody asks. */
class FirstPassIT {
    private static final int REFUSALS = 2;

    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void theFirstPassIsMadeAsSoonAsTheStoreCanBeReachedAndNobodyWaitsForIt() throws SQLException {
        TestDatabase database = SharedPostgres.newDatabase();
        RunningApi.migrate(database);
        try (Connection store = database.connect()) {
            payment("TX-1").toOrder("ORD-1").insert(store);
        }
        Clock clock = Clock.fixed(RunningApi.NOW, ZoneOffset.UTC);
        // Whoever asks has no patience at all.
        try (OpenPairs openPairs = new OpenPairs(new OpenPairScan(awayAtFirst(database)), Duration.ZERO, clock)) {
            assertThat(openPairs.isReady()).isFalse();
            openPairs.begin();
            Eventually.within(Duration.ofSeconds(20), "the first pass is made", openPairs::isReady);

            OpenPairs.Page page = openPairs.page(
                    new OpenPairsQuery(Duration.ZERO, 20, Optional.empty()),
                    new CursorSigner(RunningApi.CURSOR_SECRET.getBytes(StandardCharsets.UTF_8)));

            assertThat(page.openPairs()).extracting(OpenPair::orderId).containsExactly("ORD-1");
            assertThat(refused).hasValueGreaterThanOrEqualTo(REFUSALS);
        }
    }

    @Test
    void aPassMayBeSilentForLongerThanAnyLookup() throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        RunningApi.migrate(database);
        PGSimpleDataSource store = store(database);
        store.setSocketTimeout(1);
        try (Connection other = database.connect()) {
            payment("TX-1").toOrder("ORD-1").insert(other);
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE ledger_entry");
            CompletableFuture<List<OpenPairScan.Candidate>> pass = CompletableFuture.supplyAsync(() -> {
                try {
                    return new OpenPairScan(store).oldest(10);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> pass.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            other.rollback();

            assertThat(pass.get(20, TimeUnit.SECONDS))
                    .extracting(OpenPairScan.Candidate::orderId)
                    .containsExactly("ORD-1");
        }
    }

    private static PGSimpleDataSource store(TestDatabase database) {
        PGSimpleDataSource store = new PGSimpleDataSource();
        store.setUrl(database.jdbcUrl());
        store.setUser(database.user());
        store.setPassword(database.password());
        return store;
    }

    private DataSource awayAtFirst(TestDatabase database) {
        PGSimpleDataSource store = store(database);
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (refused.getAndIncrement() < REFUSALS) {
                        throw new SQLException("the store is away");
                    }
                    return method.invoke(store, arguments);
                });
    }
}
