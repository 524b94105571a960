package txlookup.rebuild.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import txlookup.apply.store.generation.Generation;
import txlookup.backfill.source.Input;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/**
 * The main job with synthetic payments: an extract of the past, events that arrive while it is loaded, live traffic while
 * the gates look on. Part of the extract is published again, so that backfill and stream overlap as they do for real.
 */
public final class Demo extends LocalPlatform {
    private static final int OVERLAP = 500;
    private static final int EVENTS_OF_A_PAYMENT = 4;
    /** The rest of the observation is for the last events to become visible in. */
    private static final double PUBLISHING = 0.8;

    private static final double TRICKLE_EVENTS_PER_SECOND = 40;

    private final DemoSize size;
    private CompletableFuture<Void> backlog = CompletableFuture.completedFuture(null);
    private Payments payments;

    /** Takes over what the local platform is made of. */
    public Demo(LocalEnvironment environment, Profile profile, Map<String, String> variables, DemoSize size) {
        super(environment.platform(profile, variables));
        this.size = size;
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) {
        return Optional.of(cutover);
    }

    @Override
    public List<Input> extract(Instant cutover) throws Exception {
        payments = new Payments(size.seed(), cutover, size.settled());
        // Events keep coming while the extract is taken and loaded; the consumers will find them waiting.
        backlog = CompletableFuture.runAsync(
                () -> publish(size.settled() - OVERLAP, size.backlogEnd(), 0, () -> false),
                task -> new Thread(task, "backlog").start());
        Path folder = folders().extract(GenerationNumber.fromCutover(cutover).value());
        if (!Files.exists(folder.resolve(Extract.MANIFEST))) {
            Extract.write(payments, 0, size.settled(), folder, true, cutover);
        }
        return new KeptExtract(folder, cutover).inputs();
    }

    @Override
    public String startConsumers(Generation generation) throws Exception {
        String running = super.startConsumers(generation);
        backlog.join();
        return running;
    }

    @Override
    public List<Gate> gates() {
        return List.of(
                new LocalObjectives(this, List.of(), List.of(new LiveTraffic(this::publishWhileJudged))),
                new SameStoreGate(this, payments, size.end()));
    }

    private void publishWhileJudged() {
        double events = (double) (size.end() - size.backlogEnd()) * EVENTS_OF_A_PAYMENT;
        double eventsPerSecond = events / (LocalObjectives.TRAFFIC.toSeconds() * PUBLISHING);
        publish(size.backlogEnd(), size.end(), eventsPerSecond, () -> false);
    }

    /** Live traffic after the verdict, until told to stop. */
    public void trickle(BooleanSupplier stopping) {
        publish(size.end(), Long.MAX_VALUE, TRICKLE_EVENTS_PER_SECOND, stopping);
    }

    private void publish(long from, long to, double eventsPerSecond, BooleanSupplier stopping) {
        Map<Event.Kind, String> topics = Map.of(
                Event.Kind.LEDGER_ENTRY, profile().ledgerTopic(),
                Event.Kind.PAYMENT_ORDER, profile().paymentOrderTopic());
        try (Publisher publisher = new Publisher(profile().messaging().producerProperties(), topics, payments)) {
            publisher.publish(Scenario.HAPPY, from, to, eventsPerSecond, sent -> {}, stopping);
        }
    }
}
