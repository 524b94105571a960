package txlookup.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;

/**
 * The pipeline on events that nobody here wrote: rows of a PostgreSQL source under concurrent writes, published by
 * Debezium's connector, backfilled by JDBC while the writes go on. In the end store and lookups equal the source.
 *
 * <p>Why nothing can be missing (docs/architecture.md, The cutover). The connector publishes committed changes only
 * (C1, i = 0), and from its slot's creation on all of them; the anchor is read after that, and the backfill's snapshot
 * is taken after the anchor (C2). A transaction committed before the snapshot is in the snapshot, even if its events
 * lie before the anchor; one committed after it is published after it, hence after the anchor. One committed before the
 * snapshot whose events come after the anchor is seen twice, which is harmless. How long a transaction was open, and
 * whether across the anchor, does not matter: only its commit does. Two transactions below are held open across both to
 * show it.
 */
@Tag("nightly") // a minute and a quarter; what it needs rarely changes
class RealSourceIT {
    private static final Logger log = LoggerFactory.getLogger(RealSourceIT.class);
    private static final long SEED = 20_261_121;
    private static final int PAYMENTS_BEFORE = 500;
    private static final int PARTITIONS = 2;
    private static final int COMMITS_A_CHUNK = 5;

    @TempDir
    static Path folder;

    private static PostgresSettings serverSettings;
    private static LocalPostgres server;
    private static ConnectWorker connect;

    @BeforeAll
    static void startSourceAndConnect() throws Exception {
        serverSettings = SourceDatabase.serverSettings(folder.resolve("source"));
        server = LocalPostgres.start(serverSettings);
        Runtime.getRuntime().addShutdownHook(new Thread(RealSourceIT::stopThem, "stop-source"));
        SharedPostgres.server(); // for the stores; started here, it takes no time while writers run
        connect = ConnectWorker.start(folder, SharedKafka.bootstrapServers());
    }

    @AfterAll
    static void stopThem() {
        if (connect != null) {
            connect.close();
        }
        LocalPostgres.find(serverSettings).ifPresent(LocalPostgres::crash);
    }

    @ParameterizedTest
    @EnumSource
    void everyLookupEqualsTheSourceInEveryColumn(EventForm form) throws Exception {
        log.info("{}: seed {}", form, SEED);
        SourceDatabase source = SourceDatabase.create(serverSettings, server, form.databaseName());
        SharedKafka.broker().createTopic(form.ledgerTopic(), PARTITIONS, Map.of());
        SharedKafka.broker().createTopic(form.paymentOrderTopic(), PARTITIONS, Map.of());
        try (SourcePipeline pipeline = SourcePipeline.migrated(form, SharedKafka.bootstrapServers());
                Writers writers = Writers.start(source, SEED, PAYMENTS_BEFORE);
                OpenTransaction acrossAnchor = OpenTransaction.begin(source, SEED, "across-anchor");
                OpenTransaction acrossBackfill = OpenTransaction.begin(source, SEED, "across-backfill")) {
            startCapturing(form, source);
            writers.awaitCommits(20);
            acrossAnchor.write();
            acrossBackfill.write();
            try {
                pipeline.anchor();
                writers.awaitCommits(20);
                acrossAnchor.commit();
                Manifest manifest = pipeline.backfill(source, pacedBy(writers));
                acrossBackfill.commit();
                pipeline.startConsumer();
                writers.awaitCommits(100);
                writers.stop();

                drain(form, source, pipeline);

                assertThat(manifest.rows()).as("rows backfilled").isGreaterThan(PAYMENTS_BEFORE);
                log.info(
                        "{}: {} commits, backfill {}, stream {}", form, writers.commits(), manifest, pipeline.stream());
                assertEqual(form + " with seed " + SEED, source, pipeline);
            } finally {
                connect.remove(form.databaseName());
            }
        }
    }

    private static void startCapturing(EventForm form, SourceDatabase source) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(source.connectorSettings(form.topicPrefix()));
        settings.putAll(form.connectorSettings());
        connect.add(form.databaseName(), settings);
        AwaitedAnswer.holds("the connector reads its slot", source::isCaptured);
    }

    /** Lets each chunk of the backfill wait for some commits, so that writes go on during all of it on any machine. */
    private static BackfillProgress pacedBy(Writers writers) {
        return new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {
                log.info("backfill of {} begins after {} commits", input.name(), writers.commits());
            }

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                try {
                    writers.awaitCommits(COMMITS_A_CHUNK);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    /** Returns when every change of the source is published and everything published is applied. */
    private static void drain(EventForm form, SourceDatabase source, SourcePipeline pipeline) throws Exception {
        String end = source.endOfLog();
        AtomicInteger markers = new AtomicInteger();
        AwaitedAnswer.holds(
                () -> "the connector has published the source's log up to " + end + "; after " + markers
                        + " further changes it says " + connect.status(form.databaseName()) + " "
                        + connect.lastLogLines(),
                () -> {
                    // The connector confirms the commit before the newest one that it has seen, which may lie before
                    // the end even though nothing but the server's own records came in between. So changes go on.
                    commitMarker(source, "marker-" + markers.incrementAndGet());
                    Thread.sleep(500);
                    return source.isPublishedUpTo(end);
                });
        AwaitedAnswer.holds("the markers are in the store", () -> {
            try (Connection store = pipeline.connectToStore();
                    Connection truth = source.connect()) {
                return entriesOf(store, "ledger_entry").equals(entriesOf(truth, SourceDatabase.LEDGER_TABLE));
            }
        });
        pipeline.awaitCaughtUp();
    }

    private static void commitMarker(SourceDatabase source, String id) throws Exception {
        try (OpenTransaction marker = OpenTransaction.begin(source, SEED, id)) {
            marker.writeOne();
            marker.commit();
        }
    }

    private static Set<String> entriesOf(Connection database, String table) throws Exception {
        return LedgerRow.allOf(database, table).stream().map(LedgerRow::txId).collect(Collectors.toSet());
    }

    private static void assertEqual(String run, SourceDatabase source, SourcePipeline pipeline) throws Exception {
        List<LedgerRow> entries;
        List<OrderRow> orders;
        try (Connection connection = source.connect()) {
            entries = LedgerRow.allOf(connection, SourceDatabase.LEDGER_TABLE);
            orders = OrderRow.allOf(connection, SourceDatabase.PAYMENT_ORDER_TABLE);
        }
        assertThat(pipeline.openDeadLetters()).as("%s: dead letters", run).isZero();
        try (Connection store = pipeline.connectToStore()) {
            assertThat(Differences.between(entries, LedgerRow.allOf(store, "ledger_entry"), LedgerRow::txId))
                    .as("%s: ledger entries", run)
                    .isEmpty();
            assertThat(Differences.between(orders, OrderRow.allOf(store, "payment_order"), OrderRow::orderId))
                    .as("%s: payment orders", run)
                    .isEmpty();
        }
        assertThat(entries)
                .as("%s: entries of the transactions held open", run)
                .extracting(LedgerRow::txId)
                .contains(
                        OpenTransaction.paymentOf("across-anchor").payerEntry(),
                        OpenTransaction.paymentOf("across-backfill").payerEntry());
        assertThat(pipeline.stream().stream()
                        .mapToLong(p -> p.counts().applied())
                        .sum())
                .as("%s: changes that the stream brought", run)
                .isGreaterThan(100);
        pipeline.startApi();
        LookupClient lookups = new LookupClient(pipeline.apiPort());
        ExpectedAnswers expected = new ExpectedAnswers(entries, orders);
        entries.parallelStream().forEach(entry -> assertThat(lookups.transaction(entry.txId()))
                .as("%s: lookup of %s", run, entry)
                .isEqualTo(expected.transaction(entry)));
        orders.parallelStream().forEach(order -> assertThat(lookups.paymentOrder(order.orderId()))
                .as("%s: lookup of %s", run, order)
                .isEqualTo(expected.paymentOrder(order)));
        expected.wallets().forEach((walletId, items) -> assertThat(lookups.wallet(walletId))
                .as("%s: entries of %s", run, walletId)
                .containsExactlyElementsOf(items));
    }
}
