package txlookup.apply.replay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.Claim;
import txlookup.apply.store.DeadLetterRun;
import txlookup.apply.store.DeadLetterRuns;
import txlookup.apply.store.DeadLetterState;
import txlookup.apply.store.DeadLetters;
import txlookup.apply.store.Progress;
import txlookup.apply.store.Replayed;
import txlookup.apply.store.Source;
import txlookup.apply.store.Store;
import txlookup.apply.store.StoredDeadLetter;

/**
 * Carries out a replay: its dead letters are decoded with the event profile of today and applied like any other record,
 * so that a newer snapshot in the store wins over them. Killed at any moment, the same run goes on where it was.
 */
public final class Replay {
    private static final int BATCH = 500;

    private final Store store;
    private final DeadLetters deadLetters;
    private final DeadLetterRuns runs;
    private final Decoder decoder;
    private final Map<String, Entity> topics;

    /**
     * @param connections the store
     * @param topics what each topic of the event profile holds
     */
    public Replay(DataSource connections, Decoder decoder, Map<String, Entity> topics) {
        this.store = new Store(connections);
        this.deadLetters = new DeadLetters(connections);
        this.runs = new DeadLetterRuns(connections);
        this.decoder = decoder;
        this.topics = Map.copyOf(topics);
    }

    /**
     * What a replay came to.
     *
     * @param run with its counts
     * @param refusals why dead letters are refused still, with how many
     */
    public record Outcome(DeadLetterRun run, Map<String, Integer> refusals) {}

    /**
     * Replays what the run chose; of a dry run, what is open.
     *
     * @param perSecond most dead letters a second; 0 sets no limit
     * @param progress told after each batch how many are done
     * @throws txlookup.apply.store.FencedException when another replay of the generation began meanwhile
     */
    public Outcome carryOut(DeadLetterRun run, int perSecond, LongConsumer progress)
            throws SQLException, InterruptedException {
        Source source =
                new Source(run.selection().generation(), Source.Kind.REPLAY, "dead letters", Source.NO_PARTITION);
        store.register(source, null, null, 0, run.requestedAt());
        Claim claim = store.claim(source, run.actor()).orElseThrow();
        Map<String, Integer> refusals = new TreeMap<>();
        long started = System.nanoTime();
        long done = 0;
        long last = 0;
        for (List<StoredDeadLetter> batch = next(run, last); !batch.isEmpty(); batch = next(run, last)) {
            Replayed replayed = replay(run, claim, batch, refusals);
            runs.add(run.id(), replayed);
            claim = replayed.claim();
            last = batch.get(batch.size() - 1).id();
            done += batch.size();
            progress.accept(done);
            if (perSecond > 0) {
                hold(started, Duration.ofNanos(done * 1_000_000_000L / perSecond));
            }
        }
        return new Outcome(runs.end(run.id()), refusals);
    }

    private List<StoredDeadLetter> next(DeadLetterRun run, long last) throws SQLException {
        return run.dryRun()
                ? deadLetters.page(run.selection(), Set.of(DeadLetterState.OPEN), last, BATCH)
                : deadLetters.ofRun(run.id(), last, BATCH);
    }

    private Replayed replay(DeadLetterRun run, Claim claim, List<StoredDeadLetter> batch, Map<String, Integer> refusals)
            throws SQLException {
        List<Decoded> decoded = new ArrayList<>(batch.size());
        long bytes = 0;
        for (StoredDeadLetter letter : batch) {
            Entity entity = letter.entity() == null ? topics.get(letter.source().name()) : letter.entity();
            Decoded one = decoder.decode(entity, numbered(letter));
            if (one instanceof DeadLetter still) {
                refusals.merge(still.reason().wireName(), 1, Integer::sum);
            }
            decoded.add(one);
            bytes += letter.record().value() == null ? 0 : letter.record().value().length;
        }
        Progress to = new Progress(claim.nextPosition() + batch.size(), null, bytes, null, false);
        return store.replay(claim, decoded, id -> byId(batch, id), to, run.actor(), run.dryRun());
    }

    /** The record with the dead letter's number for its position: that is where its snapshot will say it came from. */
    private static SourceRecord numbered(StoredDeadLetter letter) {
        SourceRecord record = letter.record();
        return new SourceRecord(letter.id(), record.time(), record.key(), record.value(), record.headers());
    }

    private static SourceRecord byId(List<StoredDeadLetter> batch, long id) {
        return batch.stream()
                .filter(letter -> letter.id() == id)
                .map(Replay::numbered)
                .findFirst()
                .orElseThrow();
    }

    private static void hold(long startedNanos, Duration atLeast) throws InterruptedException {
        long left = startedNanos + atLeast.toNanos() - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
        }
    }
}
