package txlookup.proof.completeness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.position.Source;
import txlookup.proof.completeness.CoverageResult.State;

/**
 * Whether all that was published up to the end seen at the start, and all that was extracted, is accounted for
 * (docs/architecture.md, Completeness): every partition from its anchor on without a hole that the log does not
 * explain, every input to its end, and what came out is what went in. Says nothing about the content of the rows; that
 * is what the comparison is for.
 *
 * @param findings one a source
 * @param openDeadLetters accounted for, but not in the store
 */
public record CompletenessProof(long generation, List<CoverageResult> findings, long openDeadLetters) {
    public CompletenessProof {
        findings = List.copyOf(findings);
    }

    /**
     * Judges a generation.
     *
     * @param log every partition of the generation's topics, read before {@code rows}
     * @param rows the generation's coverage
     * @param committed reads a partition's log; asked where offsets were passed of which the store knows no record, and
     *     where more is applied than {@code log} held
     */
    public static CompletenessProof of(
            long generation, List<LogSpan> log, List<CoverageRow> rows, CommittedRecords committed) {
        Map<String, CoverageRow> streams = new HashMap<>();
        List<CoverageResult> findings = new ArrayList<>();
        for (CoverageRow row : rows) {
            if (row.source().kind() == Source.Kind.STREAM) {
                streams.put(row.source().toString(), row);
            }
        }
        for (LogSpan span : log) {
            String name = span.topic() + "-" + span.partition();
            findings.add(partition(name, span, streams.remove(name), committed));
        }
        streams.keySet().stream()
                .sorted()
                .map(name -> new CoverageResult(name, State.GAP, "is covered, and the broker knows no such partition"))
                .forEach(findings::add);
        for (CoverageRow row : rows) {
            if (row.source().kind() == Source.Kind.BACKFILL) {
                findings.add(input(row));
            }
        }
        long open = rows.stream().mapToLong(CoverageRow::openDeadLetters).sum();
        return new CompletenessProof(generation, findings, open);
    }

    /** The worst of all findings; without any, nothing is proved. */
    public State state() {
        return findings.stream()
                .map(CoverageResult::state)
                .max(State::compareTo)
                .orElse(State.NOT_PROVED);
    }

    private static CoverageResult partition(
            String name, LogSpan span, @Nullable CoverageRow row, CommittedRecords committed) {
        if (row == null) {
            return new CoverageResult(
                    name,
                    State.NOT_PROVED,
                    "has no anchor in this generation, and holds %d..%d".formatted(span.begin(), span.end()));
        }
        long next = row.nextPosition();
        if (row.topicId() != null && span.topicId() != null && !row.topicId().equals(span.topicId())) {
            return new CoverageResult(
                    name,
                    State.GAP,
                    "the topic was made again: its id was %s and is %s".formatted(row.topicId(), span.topicId()));
        }
        if (next > span.end()) {
            // Events flow: what was published since the span was read may be applied already.
            long end = committed.end(span.topic(), span.partition());
            if (next > end) {
                return new CoverageResult(
                        name,
                        State.GAP,
                        "applied up to %d and the log ends at %d: it is another log".formatted(next, end));
            }
        }
        if (next < span.begin()) {
            return new CoverageResult(
                    name,
                    State.GAP,
                    "applied up to %d and the log begins at %d: %,d records are gone"
                            .formatted(next, span.begin(), span.begin() - next));
        }
        String applied = "%d..%d of %d: %s".formatted(row.startPosition(), next, span.end(), counts(row));
        long holes = next - row.startPosition() - row.counts().consumed() - row.markers() + row.readAgain();
        if (!row.accountsForAll() || holes < 0) {
            return new CoverageResult(name, State.NOT_PROVED, applied + ", which does not add up");
        }
        if (next < span.end()) {
            return new CoverageResult(
                    name, State.NOT_PROVED, applied + ", %,d not applied yet".formatted(span.end() - next));
        }
        if (row.readAgain() > 0) {
            applied += ", %,d records read again".formatted(row.readAgain());
        }
        if (row.markers() > 0) {
            applied += ", %,d marker events".formatted(row.markers());
        }
        return holes == 0
                ? new CoverageResult(name, State.PROVED, applied)
                : explained(name, span, row, holes, applied, committed);
    }

    /**
     * A transaction's marks and what was given up in one take offsets and are no records. The log tells how many there are:
     * what it has beyond them was passed without being applied.
     */
    private static CoverageResult explained(
            String name, LogSpan span, CoverageRow row, long holes, String applied, CommittedRecords committed) {
        long from = Math.max(row.startPosition(), span.begin());
        long next = row.nextPosition();
        long records = committed.count(span.topic(), span.partition(), from, next);
        long lost = holes - (next - from - records);
        String seen = applied + ", %,d offsets without an event".formatted(holes);
        if (lost == 0) {
            return new CoverageResult(name, State.PROVED, seen + ", which the log explains by transactions");
        }
        if (lost < 0) {
            String why =
                    ": the log has %,d records in %d..%d, %,d fewer than were applied from there; is it compacted?";
            return new CoverageResult(name, State.NOT_PROVED, seen + why.formatted(records, from, next, -lost));
        }
        String why = from > row.startPosition()
                ? ": %,d of them before %d, from where the log begins now, so nothing tells whether they were records"
                        .formatted(lost, from)
                : ": %,d records in %d..%d are in the log and were not accounted for".formatted(lost, from, next);
        return new CoverageResult(name, State.NOT_PROVED, seen + why);
    }

    private static CoverageResult input(CoverageRow row) {
        String read = "%,d rows: %s".formatted(row.counts().consumed(), counts(row));
        if (!row.completed()) {
            return new CoverageResult(row.source().toString(), State.NOT_PROVED, read + ", not read to its end");
        }
        if (!row.accountsForAll() || row.counts().consumed() > row.nextPosition() - row.startPosition()) {
            return new CoverageResult(row.source().toString(), State.NOT_PROVED, read + ", which does not add up");
        }
        return new CoverageResult(row.source().toString(), State.PROVED, read);
    }

    private static String counts(CoverageRow row) {
        return "consumed %,d = applied %,d + stale %,d + duplicate %,d + dead %,d (%,d open)"
                .formatted(
                        row.counts().consumed(),
                        row.counts().applied(),
                        row.counts().stale(),
                        row.counts().duplicate(),
                        row.counts().dead(),
                        row.openDeadLetters());
    }
}
