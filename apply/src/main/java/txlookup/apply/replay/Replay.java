package txlookup.apply.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.deadletter.DeadLetterOrder;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.DeadLetters;
import txlookup.apply.store.deadletter.Replayed;
import txlookup.apply.store.deadletter.SettledMeanwhileException;
import txlookup.apply.store.deadletter.StoredDeadLetter;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;

/**
 * Replays the dead letters of a run: they are decoded with the event profile of today and applied like any other record,
 * so that a newer snapshot in the store wins over them.
 */
final class Replay {
    private static final int BATCH = 500;

    private final Store store;
    private final DeadLetters deadLetters;
    private final DeadLetterRuns runs;
    private final Decoder decoder;
    private final Map<String, Entity> topics;

    /** @param topics what each topic of the event profile holds */
    Replay(DataSource connections, DeadLetterRuns runs, Decoder decoder, Map<String, Entity> topics) {
        this.store = new Store(connections);
        this.deadLetters = new DeadLetters(connections);
        this.runs = runs;
        this.decoder = decoder;
        this.topics = Map.copyOf(topics);
    }

    /**
     * Replays what the run is not done with; of a dry run, keeps the counts alone.
     *
     * @param progress told after each batch how many are done
     * @return why dead letters are refused still, with how many
     * @throws txlookup.apply.store.position.FencedException when another process took the run, or replays in this generation
     */
    Map<String, Integer> carryOut(DeadLetterRun run, LongConsumer progress) throws SQLException, InterruptedException {
        DeadLetterOrder order = run.order();
        Source source = new Source(Source.Kind.REPLAY, "dead letters", Source.NO_PARTITION);
        store.register(source, null, null, 0, run.requestedAt());
        Lease claim = store.claim(source, order.actor()).orElseThrow();
        Map<String, Integer> refusals = new TreeMap<>();
        long started = System.nanoTime();
        long done = 0;
        for (Numbers numbers = Numbers.after(run.doneTo(), run.upTo()); !numbers.isEmpty(); ) {
            List<StoredDeadLetter> batch =
                    deadLetters.toReplay(order.selection(), numbers.after(), numbers.upTo(), BATCH);
            if (!batch.isEmpty()) {
                Optional<Replayed> replayed = replay(run, claim, batch, refusals);
                if (replayed.isEmpty()) {
                    continue;
                }
                claim = replayed.get().claim();
                done += batch.size();
                progress.accept(done);
                hold(started, done, order.perSecond());
            }
            long last = batch.size() < BATCH
                    ? numbers.upTo()
                    : batch.get(batch.size() - 1).id();
            numbers = Numbers.after(last, run.upTo());
        }
        return refusals;
    }

    /** Empty when some were discarded since they were read. */
    private Optional<Replayed> replay(
            DeadLetterRun run, Lease claim, List<StoredDeadLetter> batch, Map<String, Integer> refusals)
            throws SQLException {
        List<Decoded> decoded = new ArrayList<>(batch.size());
        Map<String, Integer> refused = new TreeMap<>();
        long bytes = 0;
        for (StoredDeadLetter letter : batch) {
            Entity entity = letter.entity() == null ? topics.get(letter.source().name()) : letter.entity();
            Decoded one = decoder.decode(entity, numbered(letter, run.order()));
            if (one instanceof DeadLetter still) {
                refused.merge(still.reason().wireName(), 1, Integer::sum);
            }
            decoded.add(one);
            bytes += letter.record().value() == null ? 0 : letter.record().value().length;
        }
        Checkpoint to = new Checkpoint(claim.nextPosition() + batch.size(), null, bytes, null, false);
        Replayed replayed;
        try {
            replayed = store.replay(claim, decoded, id -> byId(batch, id, run.order()), to, run);
        } catch (SettledMeanwhileException e) {
            return Optional.empty();
        }
        if (run.order().dryRun()) {
            runs.add(
                    run,
                    replayed.settled(),
                    batch.stream().map(StoredDeadLetter::id).toList());
        }
        refused.forEach((reason, count) -> refusals.merge(reason, count, Integer::sum));
        return Optional.of(replayed);
    }

    /** The record with the dead letter's number for its position: that is where its snapshot will say it came from. */
    private static SourceRecord numbered(StoredDeadLetter letter, DeadLetterOrder order) {
        SourceRecord record = letter.record();
        byte[] value = order.patch() == null ? record.value() : order.patch().getBytes(UTF_8);
        return new SourceRecord(letter.id(), record.time(), record.key(), value, record.headers());
    }

    private static SourceRecord byId(List<StoredDeadLetter> batch, long id, DeadLetterOrder order) {
        return batch.stream()
                .filter(letter -> letter.id() == id)
                .map(letter -> numbered(letter, order))
                .findFirst()
                .orElseThrow();
    }

    private static void hold(long startedNanos, long done, int perSecond) throws InterruptedException {
        if (perSecond > 0) {
            long left = startedNanos + done * 1_000_000_000L / perSecond - System.nanoTime();
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
            }
        }
    }
}
