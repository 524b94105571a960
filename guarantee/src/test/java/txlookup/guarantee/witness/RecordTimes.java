package txlookup.guarantee.witness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import txlookup.guarantee.Trial;
import txlookup.guarantee.stream.TrialEvent;

/** What producers' clocks tell brokers, in the units that their authors took for milliseconds. */
public final class RecordTimes {
    private static final Instant NOW = Instant.parse("2026-02-05T01:00:00Z");

    private static final List<Long> MILLIS = List.of(
            -1L,
            0L,
            1L,
            NOW.getEpochSecond(),
            NOW.toEpochMilli(),
            NOW.toEpochMilli() + 3_600_000,
            Instant.parse("2126-02-05T01:00:00Z").toEpochMilli(),
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli(),
            Instant.parse("+10000-01-01T00:00:00Z").toEpochMilli(),
            NOW.toEpochMilli() * 1_000,
            Instant.parse("+294276-12-31T23:59:59.999Z").toEpochMilli(),
            Instant.parse("+294277-01-01T00:00:00Z").toEpochMilli(),
            NOW.toEpochMilli() * 1_000_000,
            Long.MAX_VALUE / 1000,
            Long.MAX_VALUE);

    private RecordTimes() {}

    /** Good events but for the record's own time, which also decides between those that tie. */
    public static List<TrialEvent> extremes(List<String> ids, Random random) {
        List<TrialEvent> events = new ArrayList<>();
        for (String id : ids) {
            for (int i = 0; i < 4; i++) {
                Instant time = Instant.ofEpochMilli(MILLIS.get(random.nextInt(MILLIS.size())));
                events.add(History.entry(id, random.nextInt(Trial.PARTITIONS), 1, time));
            }
        }
        return events;
    }
}
