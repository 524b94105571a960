package txlookup.bench.scale;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.ClosedLoopLookups;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.SequentialLookups;
import txlookup.bench.measure.DatabaseWork;
import txlookup.bench.measure.DiskReads;
import txlookup.bench.measure.Latencies;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.profiles.events.EventProfiles;
import txlookup.proof.Verification;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.source.InputSide;
import txlookup.proof.store.StoreSide;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** What is measured of one store, in this order: each phase finds what the ones before it left. */
public final class ScalePhases {
    private static final int CONNECTIONS = 4;
    private static final int WARM_PAYMENTS = 1_000;
    private static final int WALLETS = 20_000;
    private static final Window WINDOW =
            Window.settled(null, ScalePoint.CUTOVER, ScalePoint.CUTOVER, Duration.ofSeconds(60));

    /**
     * How much is measured.
     *
     * @param each how long each kind of lookup is asked for
     * @param requests of each kind of list
     * @param events that are applied to the loaded store, the half that warms up included
     */
    public record Effort(Duration each, long requests, long events) {
        public static final Effort USUAL = new Effort(Duration.ofSeconds(8), 200, 600_000);
        public static final Effort QUICK = new Effort(Duration.ofSeconds(3), 50, 200_000);
    }

    /** Measures one thing. */
    @FunctionalInterface
    public interface Phase {
        void measure(Metrics figures) throws Exception;
    }

    private final Servers servers;
    private final ScalePoint point;
    private final Effort effort;
    private final boolean fromFiles;

    /** @param fromFiles whether the load reads files, which are written first */
    public ScalePhases(Servers servers, ScalePoint point, Effort effort, boolean fromFiles) {
        this.servers = servers;
        this.point = point;
        this.effort = effort;
        this.fromFiles = fromFiles;
    }

    /** Each by its name. */
    public Map<String, Phase> inOrder() {
        Map<String, Phase> phases = new LinkedHashMap<>();
        phases.put("load", this::load);
        phases.put("sizes", figures -> StoreSizes.measure(figures, store(), point));
        phases.put("verify", this::verify);
        phases.put("lookups", this::lookups);
        phases.put("lists", this::lists);
        phases.put("apply", this::apply);
        return phases;
    }

    private ScaledStore store() throws Exception {
        return ScaledStore.loaded(servers, point);
    }

    private void load(Metrics figures) throws Exception {
        List<String> arguments = new ArrayList<>();
        if (fromFiles && !Files.exists(folder())) {
            Path part = folder().resolveSibling(folder().getFileName() + ".part");
            Extract.write(point.world(), 0, point.payments(), part, false);
            Files.move(part, folder());
        }
        ScaledStore store = ScaledStore.make(servers, point);
        arguments.add(store.url());
        arguments.add(Long.toString(point.entries()));
        if (fromFiles) {
            arguments.add(folder().toString());
        }
        store.settle();
        new KilledLoad(store, arguments).run(figures);
        store.letEventsIn();
    }

    private Path folder() {
        return servers.folder().resolve("extract-" + ScalePoint.size(point.entries()));
    }

    static List<Input> files(Path folder) {
        return List.of(
                new NdjsonInput(folder.resolve("ledger-entries.ndjson"), Entity.LEDGER_ENTRY),
                new NdjsonInput(folder.resolve("payment-orders.ndjson"), Entity.PAYMENT_ORDER));
    }

    private void verify(Metrics figures) throws Exception {
        List<Input> inputs = fromFiles ? files(folder()) : GeneratedRows.of(point);
        try (HikariDataSource connections = store().connections()) {
            InputSide source = new InputSide(
                    inputs,
                    () -> new Decoder(EventProfiles.load("canonical-v1"), Duration.ofHours(1), Clock.systemUTC()),
                    ScalePoint.CUTOVER);
            StoreSide stored = new StoreSide(connections, "store", ScalePoint.CUTOVER);
            long started = System.nanoTime();
            Findings findings = new Verification(source, stored, VerificationSettings.USUAL).run(WINDOW);
            figures.addMillis("verify_s", (System.nanoTime() - started) / 1e9);
            if (!findings.differences().isEmpty()) {
                throw new IllegalStateException("%d differences are in a store that has none"
                        .formatted(findings.differences().size()));
            }
        }
    }

    /** First of a thousand payments, whose pages are in memory then; after that of all, of which no page is at first. */
    private void lookups(Metrics figures) throws Exception {
        ScaledStore store = store();
        store.settle();
        store.forgetPages();
        try (ApiProcess api = ApiProcess.start(servers, store.url())) {
            ask(new Metrics(), api, "warm_up_", WARM_PAYMENTS);
            ask(figures, api, "warm_", WARM_PAYMENTS);
            ask(figures, api, "random_", point.payments());
        }
    }

    private void ask(Metrics figures, ApiProcess api, String how, long payments) throws Exception {
        ask(figures, api, how + "tx_", n -> "/admin/tx/" + Payments.paymentTxId(n % payments));
        ask(figures, api, how + "order_", n -> "/admin/payment-orders/" + Payments.orderId(n % payments));
        long wallets = Math.min(payments / 10, WALLETS);
        ask(figures, api, how + "wallet_", n -> "/admin/wallets/wallet-%06d/tx?limit=50".formatted(n % wallets));
    }

    private void ask(Metrics figures, ApiProcess api, String kind, LongFunction<String> path) throws Exception {
        long before = DiskReads.of(servers.postgres().pid());
        Latencies seen = new ClosedLoopLookups(api.port(), CONNECTIONS, path).closed(effort.each());
        long read = DiskReads.of(servers.postgres().pid()) - before;
        figures.add(kind + "a_second", seen.perSecond());
        seen.addTo(figures, kind);
        figures.addMillis(kind + "kb_read", read / 1e3 / seen.count());
    }

    private void lists(Metrics figures) throws IOException, Exception {
        try (ApiProcess api = ApiProcess.start(servers, store().url());
                HttpConnection connection = new HttpConnection(api.port())) {
            Metrics warmingUp = new Metrics();
            lists(warmingUp, connection);
            lists(figures, connection);
        }
    }

    private void lists(Metrics figures, HttpConnection connection) throws IOException {
        list(figures, connection, "open_oldest_", n -> "/admin/open-pairs?older_than=PT0S&limit=100");
        list(figures, connection, "open_newest_", n -> "/admin/open-pairs?older_than=PT0S&order=newest");
        list(figures, connection, "open_ages_", n -> "/admin/open-pairs/ages");
        list(figures, connection, "search_tx_", n -> "/admin/search?q=tx-%07d".formatted(n * 7919 % tenth()));
        list(figures, connection, "search_user_", n -> "/admin/search?user_id=user-%06d".formatted(n * 31 % 10_000));
        list(figures, connection, "search_merchant_", n -> "/admin/search?merchant_name=Haneul+Mart");
        list(figures, connection, "search_status_", n -> "/admin/search?merchant_name=D&status_group=FAIL");
        list(figures, connection, "search_wallet_", n -> "/admin/search?q=wallet-%05d".formatted(n * 31 % 2_000));
    }

    /** Ten transactions begin with each number below it. */
    private long tenth() {
        return Math.max(1, point.payments() / 1_000);
    }

    private void list(Metrics figures, HttpConnection connection, String kind, LongFunction<String> path)
            throws IOException {
        SequentialLookups.ask(figures, kind, connection, effort.requests(), path);
    }

    /** New payments, and one event in twenty an older one of any payment before. */
    private void apply(Metrics figures) throws Exception {
        ScaledStore store = store();
        String topic = "scale-" + System.currentTimeMillis();
        long applied = store.number("SELECT coalesce(sum(applied), 0) FROM coverage WHERE kind = 'STREAM'");
        long events = LedgerEvents.publish(
                servers, topic, effort.events(), LedgerEvents.PARTITIONS, point.world(), point.payments() + applied);
        store.settle();
        DatabaseWork before = DatabaseWork.of(servers);
        try (TxlookupConsumer consumer = TxlookupConsumer.into(servers, store.url(), topic, "512m")) {
            consumer.rate(servers, topic).addTo(figures, "apply");
        }
        DatabaseWork.of(servers).since(before).addTo(figures, "apply_", events);
        servers.kafka().deleteTopic(topic);
    }
}
