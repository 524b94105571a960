package txlookup.apply.store.load;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.apply.store.batch.ConvergenceIT;
import txlookup.apply.store.batch.RandomHistory;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;

/** Chunks ahead of each other with keys in common, beside a stream with the same keys: the worst there is for locks. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConcurrentLoadIT {
    static IntStream seeds() {
        return IntStream.range(0, 4);
    }

    private record After(CompletableFuture<Lease> before) implements BulkLoad.Turn {
        @Override
        public Lease await() {
            return before.join();
        }

        @Override
        public @Nullable Lease await(long millis) throws InterruptedException {
            try {
                return before.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return null;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsInTheStoreThatTheContractWants(int seed) throws Exception {
        RandomHistory history = new RandomHistory(seed);
        Random random = new Random(seed * 13L);
        List<Decoded> extract = new ArrayList<>(history.snapshots());
        extract.addAll(history.snapshots().subList(0, 20));
        List<Decoded> events = new ArrayList<>(history.snapshots());
        Collections.shuffle(extract, random);
        Collections.shuffle(events, random);
        try (StoreFixture fixture = new StoreFixture()) {
            Lease stream = fixture.claim("ledger", 0);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Lease>> chunks = load(fixture, extract, threads);
                Lease current = stream;
                for (int from = 0; from < events.size(); from += 30) {
                    current = fixture.apply(current, events.subList(from, Math.min(from + 30, events.size())))
                            .claim();
                }
                for (Future<Lease> chunk : chunks) {
                    chunk.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(fixture.query(ConvergenceIT.ROWS)).as("seed %d", seed).isEqualTo(history.winners());
            assertThat(fixture.query("SELECT consumed, completed_at IS NOT NULL FROM coverage WHERE kind = 'BACKFILL'"))
                    .containsExactly(extract.size() + " t");
        }
    }

    /** Rows are sent in another order than they came in; those larger than a block of COPY's go by themselves. */
    @Test
    void rowsOfEverySizeArriveWholeAroundThoseThatAreThere() throws Exception {
        List<LedgerEntry> extract = new ArrayList<>();
        for (int n = 0; n < 600; n++) {
            String wallet =
                    List.of("w", "wallet-" + n % 7, "지갑-" + n % 3, "wallet-").get(n % 4);
            extract.add(entry("tx-%04d".formatted(n), wallet, "x".repeat(n % 100 == 1 ? 150_000 + n : n), 2, n));
        }
        try (StoreFixture fixture = new StoreFixture()) {
            LedgerEntry older = entry("tx-0003", "w", "older", 1, 1);
            LedgerEntry newer = entry("tx-0301", "w", "newer", 3, 1);
            fixture.apply(fixture.claim("ledger", 0), older, newer, extract.get(599));
            Source source = new Source(Source.Kind.BACKFILL, "extract", Source.NO_PARTITION);
            fixture.store.register(source, Entity.LEDGER_ENTRY, null, 1, CUTOVER);
            Lease claim = fixture.store.claim(source, "test").orElseThrow();
            BatchResult applied = new ConcurrentLoad(fixture.connections)
                    .apply(
                            claim.sourceId(),
                            Entity.LEDGER_ENTRY,
                            extract,
                            StoreFixture::record,
                            new Checkpoint(601, null, 1, CUTOVER, true),
                            aheadOnly(claim));
            assertThat(applied).isEqualTo(new BatchResult(applied.claim(), 598, 1, 1, 0));
            extract.set(301, newer);
            assertThat(
                            fixture.query(
                                    "SELECT tx_id, wallet_id, length(entry_type), md5(entry_type), version FROM ledger_entry ORDER BY 1"))
                    .isEqualTo(extract.stream().map(ConcurrentLoadIT::row).toList());
        }
    }

    /** The slow way mends whatever the fast one does wrong, and asks for its turn without an end. */
    private static BulkLoad.Turn aheadOnly(Lease claim) {
        return new BulkLoad.Turn() {
            @Override
            public Lease await() {
                throw new IllegalStateException("the chunk was taken the slow way");
            }

            @Override
            public Lease await(long millis) {
                return claim;
            }
        };
    }

    private static LedgerEntry entry(String txId, String wallet, String type, long version, long content) {
        return new LedgerEntry(
                txId,
                wallet,
                type,
                BigDecimal.valueOf(content),
                null,
                null,
                null,
                CUTOVER,
                CUTOVER,
                CUTOVER,
                version,
                new Origin(content, CUTOVER, content));
    }

    private static String row(LedgerEntry entry) {
        try {
            byte[] md5 =
                    MessageDigest.getInstance("MD5").digest(entry.entryType().getBytes(StandardCharsets.UTF_8));
            return "%s %s %d %s %d"
                    .formatted(
                            entry.txId(),
                            entry.walletId(),
                            entry.entryType().length(),
                            HexFormat.of().formatHex(md5),
                            entry.version());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Future<Lease>> load(StoreFixture fixture, List<Decoded> extract, ExecutorService threads)
            throws Exception {
        Source source = new Source(Source.Kind.BACKFILL, "extract", Source.NO_PARTITION);
        fixture.store.register(source, Entity.LEDGER_ENTRY, null, 1, CUTOVER);
        Lease claim = fixture.store.claim(source, "test").orElseThrow();
        ConcurrentLoad load = new ConcurrentLoad(fixture.connections);
        List<Future<Lease>> chunks = new ArrayList<>();
        CompletableFuture<Lease> before = CompletableFuture.completedFuture(claim);
        for (int from = 0; from < extract.size(); from += 50) {
            int to = Math.min(from + 50, extract.size());
            List<Decoded> chunk = extract.subList(from, to);
            Checkpoint progress = new Checkpoint(1 + to, null, 1, CUTOVER, to == extract.size());
            CompletableFuture<Lease> mine = new CompletableFuture<>();
            BulkLoad.Turn turn = new After(before);
            before = mine;
            chunks.add(threads.submit((Callable<Lease>) () -> {
                try {
                    Lease end = load.apply(
                                    claim.sourceId(), Entity.LEDGER_ENTRY, chunk, StoreFixture::record, progress, turn)
                            .claim();
                    mine.complete(end);
                    return end;
                } catch (Exception e) {
                    mine.completeExceptionally(e);
                    throw e;
                }
            }));
        }
        return chunks;
    }
}
