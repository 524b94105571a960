package txlookup.gate.observe;

import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.StoreQueries;

/**
 * The gate's own lookups, at fixed arrival times: each is sent when it is due, whether or not earlier ones were answered,
 * and its time counts from then, so that a slow server cannot hide by slowing the questions down.
 */
public final class LookupLoad implements ObservationSource {
    private static final Duration TIME_OUT = Duration.ofSeconds(5);
    private static final int MISS_ONE_IN = 10;
    private static final long SEED = 20260205;

    private final URI api;
    private final ServiceHttp http;
    private final StoreQueries queries;
    private final double perSecond;
    private final Duration warmUp;
    private volatile LookupTimes times = new LookupTimes();
    private volatile boolean stopping;
    private Thread sender = new Thread(() -> {});

    private record Lookup(String route, String path) {}

    /**
     * Prepares the load.
     *
     * @param api the API's base address
     * @param perSecond lookups of all routes together
     * @param warmUp how long lookups are made before they count: what is judged is the service, not its compiler at work
     */
    public LookupLoad(URI api, ServiceHttp http, StoreQueries queries, double perSecond, Duration warmUp) {
        this.api = api;
        this.http = http;
        this.queries = queries;
        this.perSecond = perSecond;
        this.warmUp = warmUp;
    }

    @Override
    public void begin(Recorder recorder) throws InterruptedException {
        List<Lookup> lookups = lookups();
        sender = new Thread(() -> send(lookups), "lookups");
        sender.setDaemon(true);
        sender.start();
        TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
        times = new LookupTimes();
    }

    /** Some that are there and some that are not; the same seed asks in the same order. */
    private List<Lookup> lookups() {
        List<String> txIds = new ArrayList<>(List.of("no-such-tx"));
        List<String> wallets = new ArrayList<>(List.of("no-such-wallet"));
        List<String> orders = new ArrayList<>(List.of("no-such-order"));
        try {
            for (StoreQueries.Entry entry : queries.someEntries()) {
                txIds.add(entry.txId());
                wallets.add(entry.walletId());
            }
            orders.addAll(queries.pairing(null).keySet());
        } catch (SQLException e) {
            // The store is away: what is asked for is not there then, and readings of the store say so.
            txIds.add("store-is-away");
        }
        SplittableRandom random = new SplittableRandom(SEED);
        List<Lookup> lookups = new ArrayList<>();
        for (int n = 0; n < 3000; n++) {
            lookups.add(
                    switch (n % 3) {
                        case 0 -> new Lookup("/admin/tx/{tx_id}", "/admin/tx/" + pick(txIds, random));
                        case 1 ->
                            new Lookup(
                                    "/admin/payment-orders/{order_id}",
                                    "/admin/payment-orders/" + pick(orders, random));
                        default ->
                            new Lookup(
                                    "/admin/wallets/{wallet_id}/tx", "/admin/wallets/" + pick(wallets, random) + "/tx");
                    });
        }
        return lookups;
    }

    private static String pick(List<String> ids, SplittableRandom random) {
        int miss = random.nextInt(MISS_ONE_IN);
        return LookupCorrectnessProbe.encoded(
                miss == 0 || ids.size() == 1 ? ids.get(0) : ids.get(random.nextInt(1, ids.size())));
    }

    private void send(List<Lookup> lookups) {
        long started = System.nanoTime();
        for (long n = 0; !stopping; n++) {
            long due = started + (long) (n / perSecond * TimeUnit.SECONDS.toNanos(1));
            for (long left = due - System.nanoTime(); left > 0 && !stopping; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (!stopping) {
                send(lookups.get((int) (n % lookups.size())), due);
            }
        }
    }

    private void send(Lookup lookup, long due) {
        LookupTimes counting = times;
        counting.sent();
        // What becomes of it is recorded in its times.
        var unused = http.client()
                .sendAsync(http.request(api.resolve(lookup.path()), TIME_OUT), HttpResponse.BodyHandlers.discarding())
                .whenComplete((response, e) -> {
                    String answer = e == null ? Integer.toString(response.statusCode()) : LookupTimes.failure(e);
                    counting.answered(
                            lookup.route(), answer, e != null || response.statusCode() >= 500, System.nanoTime() - due);
                });
    }

    @Override
    public void end(Recorder recorder) throws InterruptedException {
        stopping = true;
        sender.join();
        times.awaitAnswers(TIME_OUT.multipliedBy(2));
        times.latencies().forEach(recorder::latencies);
    }

    @Override
    public void close() {
        stopping = true;
    }
}
