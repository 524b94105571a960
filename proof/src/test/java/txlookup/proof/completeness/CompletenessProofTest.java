package txlookup.proof.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.Source.Kind;
import txlookup.apply.store.position.SourceCounts;
import txlookup.proof.completeness.CoverageResult.State;

/** What counts as proof that everything is accounted for. */
class CompletenessProofTest {
    private static final LogSpan LOG = new LogSpan("entries", 0, "id-1", 5, 110);

    private static final CommittedRecords UNASKED = log(110, (from, to) -> {
        throw new AssertionError("the log is read where offsets are missing, and here none are");
    });

    /** A log that ends there now. */
    private static CommittedRecords log(long end, LongBinaryOperator records) {
        return new CommittedRecords() {
            @Override
            public long count(String topic, int partition, long from, long to) {
                assertThat(topic + "-" + partition).isEqualTo("entries-0");
                return records.applyAsLong(from, to);
            }

            @Override
            public long end(String topic, int partition) {
                return end;
            }
        };
    }

    private static CoverageRow stream(@Nullable String topicId, long start, long next, long consumed) {
        return stream(topicId, start, next, consumed, 0);
    }

    private static CoverageRow stream(@Nullable String topicId, long start, long next, long consumed, long markers) {
        return new CoverageRow(
                new Source(Kind.STREAM, "entries", 0),
                topicId,
                start,
                next,
                false,
                new SourceCounts(consumed, consumed - 3, 1, 1, 1, 0),
                markers,
                0,
                1,
                1);
    }

    private static CoverageRow readAgain(long start, long next, long consumed, long readAgain) {
        return new CoverageRow(
                new Source(Kind.STREAM, "entries", 0),
                null,
                start,
                next,
                false,
                new SourceCounts(consumed, consumed - 3, 1, 1, 1, 0),
                0,
                readAgain,
                1,
                1);
    }

    private static CoverageRow input(boolean completed, long consumed) {
        return new CoverageRow(
                new Source(Kind.BACKFILL, "entries.ndjson", Source.NO_PARTITION),
                null,
                1,
                101,
                completed,
                new SourceCounts(consumed, consumed, 0, 0, 0, 0),
                0,
                0,
                0,
                0);
    }

    private static CoverageResult only(LogSpan span, CoverageRow... rows) {
        return CompletenessProof.of(1, List.of(span), List.of(rows), UNASKED)
                .findings()
                .get(0);
    }

    /** Where a reader finds so many records from that offset to 110. */
    private static CoverageResult reading(LogSpan span, long wantedFrom, long records, CoverageRow row) {
        CommittedRecords committed = log(110, (from, to) -> {
            assertThat(List.of(from, to)).isEqualTo(List.of(wantedFrom, 110L));
            return records;
        });
        return CompletenessProof.of(1, List.of(span), List.of(row), committed)
                .findings()
                .get(0);
    }

    @Test
    void whatIsReadAgainIsCountedTwice() {
        LogSpan span = new LogSpan("entries", 0, null, 0, 110);
        assertThat(only(span, readAgain(10, 110, 140, 40)).state()).isEqualTo(State.PROVED);
        assertThat(only(span, readAgain(10, 110, 141, 40)).state()).isEqualTo(State.NOT_PROVED);
        assertThat(only(span, readAgain(10, 90, 120, 40)).state()).isEqualTo(State.NOT_PROVED);
    }

    @Test
    void aPartitionAppliedToTheEndAndAnInputReadToItsEndAreProved() {
        CompletenessProof proof = CompletenessProof.of(
                1, List.of(LOG), List.of(stream("id-1", 10, 110, 98, 2), input(true, 100)), UNASKED);

        assertThat(proof.state()).isEqualTo(State.PROVED);
        assertThat(proof.openDeadLetters()).isEqualTo(1);
        assertThat(proof.findings().get(0).detail())
                .isEqualTo(
                        "10..110 of 110: consumed 98 = applied 95 + stale 1 + duplicate 1 + dead 1 (1 open), 2 marker events");
    }

    @Test
    void whatIsNotAppliedYetIsNotProved() {
        assertThat(only(LOG, stream(null, 10, 100, 90)))
                .returns(State.NOT_PROVED, CoverageResult::state)
                .extracting(CoverageResult::detail)
                .asString()
                .endsWith("10 not applied yet");
    }

    @Test
    void offsetsWithoutAnEventAreProvedWhereTheLogHasNoRecordsThereEither() {
        assertThat(reading(LOG, 10, 97, stream(null, 10, 110, 95, 2)))
                .returns(State.PROVED, CoverageResult::state)
                .extracting(CoverageResult::detail)
                .asString()
                .endsWith(", 2 marker events, 3 offsets without an event, which the log explains by transactions");
    }

    @Test
    void recordsThatWerePassedWithoutBeingAppliedAreNotProved() {
        assertThat(reading(LOG, 10, 99, stream(null, 10, 110, 95, 2)))
                .returns(State.NOT_PROVED, CoverageResult::state)
                .returns("entries-0", CoverageResult::source)
                .extracting(CoverageResult::detail)
                .asString()
                .endsWith(
                        ", 3 offsets without an event: 2 records in 10..110 are in the log and were not accounted for");
    }

    @Test
    void whatTheLogNoLongerHasCannotExplainAnOffset() {
        LogSpan shorter = new LogSpan("entries", 0, "id-1", 60, 110);
        assertThat(reading(shorter, 60, 49, stream(null, 10, 110, 97)))
                .returns(State.NOT_PROVED, CoverageResult::state)
                .extracting(CoverageResult::detail)
                .asString()
                .endsWith(
                        ": 2 of them before 60, from where the log begins now, so nothing tells whether they were records");
        assertThat(reading(shorter, 60, 47, stream(null, 10, 110, 97)).state()).isEqualTo(State.PROVED);
    }

    @Test
    void aLogWithFewerRecordsThanWereAppliedIsNotProved() {
        assertThat(reading(LOG, 10, 90, stream(null, 10, 110, 97)))
                .returns(State.NOT_PROVED, CoverageResult::state)
                .extracting(CoverageResult::detail)
                .asString()
                .endsWith(
                        ": the log has 90 records in 10..110, 7 fewer than were applied from there; is it compacted?");
    }

    @Test
    void moreRecordsThanOffsetsDoNotAddUp() {
        assertThat(only(LOG, stream(null, 10, 110, 101)).state()).isEqualTo(State.NOT_PROVED);
    }

    @Test
    void aPartitionWithoutAnAnchorIsNotProved() {
        assertThat(only(LOG).state()).isEqualTo(State.NOT_PROVED);
    }

    @Test
    void recordsThatTheLogLostBeforeTheyWereAppliedAreAGap() {
        assertThat(only(new LogSpan("entries", 0, "id-1", 60, 110), stream("id-1", 10, 50, 40)))
                .returns(State.GAP, CoverageResult::state)
                .extracting(CoverageResult::detail)
                .asString()
                .contains("10 records are gone");
    }

    @Test
    void anotherLogUnderTheSameNameIsAGap() {
        assertThat(only(LOG, stream("id-0", 10, 110, 100)).state()).isEqualTo(State.GAP);
        assertThat(only(LOG, stream(null, 10, 111, 100)).state()).isEqualTo(State.GAP);
    }

    @Test
    void whatWasPublishedAndAppliedSinceTheEndsWereReadIsNoOtherLog() {
        CommittedRecords grown = log(112, (from, to) -> to - from);

        assertThat(CompletenessProof.of(1, List.of(LOG), List.of(stream("id-1", 10, 111, 101)), grown)
                        .state())
                .isEqualTo(State.PROVED);
        assertThat(CompletenessProof.of(1, List.of(LOG), List.of(stream("id-1", 10, 113, 103)), grown)
                        .findings())
                .singleElement()
                .returns(State.GAP, CoverageResult::state)
                .returns("applied up to 113 and the log ends at 112: it is another log", CoverageResult::detail);
    }

    @Test
    void aPartitionThatTheBrokerDoesNotKnowIsAGap() {
        CompletenessProof proof = CompletenessProof.of(1, List.of(), List.of(stream(null, 10, 110, 100)), UNASKED);

        assertThat(proof.state()).isEqualTo(State.GAP);
    }

    @Test
    void anInputThatWasNotReadToItsEndIsNotProved() {
        CompletenessProof proof =
                CompletenessProof.of(1, List.of(LOG), List.of(stream(null, 10, 110, 100), input(false, 100)), UNASKED);

        assertThat(proof.state()).isEqualTo(State.NOT_PROVED);
    }

    @Test
    void nothingAtAllProvesNothing() {
        assertThat(CompletenessProof.of(1, List.of(), List.of(), UNASKED).state())
                .isEqualTo(State.NOT_PROVED);
    }
}
