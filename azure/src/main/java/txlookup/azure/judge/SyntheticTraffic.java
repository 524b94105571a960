package txlookup.azure.judge;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.profiles.Profile;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/** Payments that are published while a disposable environment is observed: without events there is no freshness to judge. */
final class SyntheticTraffic implements ObservationSource {
    private static final int EVENTS_OF_A_PAYMENT = 4;
    /** The rest is for the last events to become visible in. */
    private static final double PUBLISHING = 0.8;

    private final Map<String, Object> producer;
    private final Profile profile;
    private final long payments;
    private final Duration duration;
    private CompletableFuture<Void> publishing = CompletableFuture.completedFuture(null);
    private volatile boolean stopping;

    /**
     * Prepares it.
     *
     * @param producer settings with the login
     * @param duration of the whole observation
     */
    SyntheticTraffic(Map<String, Object> producer, Profile profile, long payments, Duration duration) {
        this.producer = Map.copyOf(producer);
        this.profile = profile;
        this.payments = payments;
        this.duration = duration;
    }

    @Override
    public void begin(Recorder recorder) {
        publishing = CompletableFuture.runAsync(this::publish, SyntheticTraffic::inBackground);
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "synthetic-traffic");
        thread.setDaemon(true);
        thread.start();
    }

    private void publish() {
        Instant now = Instant.now();
        // Far from a backfill's numbers, which begin at 0, and from those of an earlier rebuild.
        long first = now.getEpochSecond();
        Payments live = new Payments(first, now, first);
        Map<Event.Kind, String> topics = Map.of(
                Event.Kind.LEDGER_ENTRY, profile.ledgerTopic(), Event.Kind.PAYMENT_ORDER, profile.paymentOrderTopic());
        double seconds = duration.toMillis() / 1000.0 * PUBLISHING;
        double rate = seconds > 0 ? payments * EVENTS_OF_A_PAYMENT / seconds : 0;
        try (Publisher publisher = new Publisher(producer, topics, live)) {
            publisher.publish(Scenario.HAPPY, first, first + payments, rate, sent -> {}, () -> stopping);
        }
    }

    /** Throws when the broker did not take them: what was to be measured was not there. */
    @Override
    public void end(Recorder recorder) {
        try {
            publishing.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the synthetic payments could not be published: %s"
                            .formatted(e.getCause().getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
