package txlookup.backfill;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.profiles.events.EventProfiles;
import txlookup.traffic.Event;

/** One partition of a stream of both entities, applied as a consumer does. */
final class EventStream {
    /** A batch for events that only have to be there in the end. */
    static final int MANY = 2000;

    private final Store store;
    private Lease claim;

    EventStream(Store store) throws SQLException {
        this.store = store;
        Source source = new Source(Source.Kind.STREAM, "events", 0);
        store.register(source, null, null, 0, BackfillFixture.CUTOVER);
        this.claim = store.claim(source, "test").orElseThrow();
    }

    void apply(List<Event> events, int batch) throws SQLException {
        for (int from = 0; from < events.size(); from += batch) {
            applyBatch(events.subList(from, Math.min(from + batch, events.size())));
        }
    }

    private void applyBatch(List<Event> events) throws SQLException {
        List<Decoded> batch = new ArrayList<>();
        for (Event event : events) {
            SourceRecord record = new SourceRecord(
                    claim.nextPosition() + batch.size(), BackfillFixture.CUTOVER.plusSeconds(1), event.value());
            Entity entity = event.kind() == Event.Kind.LEDGER_ENTRY ? Entity.LEDGER_ENTRY : Entity.PAYMENT_ORDER;
            batch.addAll(decode(entity, List.of(record)));
        }
        Checkpoint to =
                Checkpoint.ofStream(claim.nextPosition() + batch.size(), 1, BackfillFixture.CUTOVER.plusSeconds(1));
        claim = store.apply(claim, new BatchEncoder().encode(batch), position -> null, to)
                .claim();
    }

    static List<Decoded> decode(Entity entity, List<SourceRecord> records) {
        Decoder decoder = new Decoder(EventProfiles.load("canonical-v1"), Duration.ofHours(1), Clock.systemUTC());
        return records.stream().map(record -> decoder.decode(entity, record)).toList();
    }
}
