package txlookup.proof.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.Source;
import txlookup.apply.store.Source.Kind;
import txlookup.apply.store.SourceCounts;
import txlookup.proof.coverage.Finding.State;

/** What counts as proof that everything is accounted for. */
class CompletenessProofTest {
    private static final LogSpan LOG = new LogSpan("entries", 0, "id-1", 5, 110);

    private static CoverageRow stream(@Nullable String topicId, long start, long next, long consumed) {
        return new CoverageRow(
                new Source(1, Kind.STREAM, "entries", 0),
                topicId,
                start,
                next,
                false,
                new SourceCounts(consumed, consumed - 3, 1, 1, 1, 0),
                1,
                1);
    }

    private static CoverageRow input(boolean completed, long consumed) {
        return new CoverageRow(
                new Source(1, Kind.BACKFILL, "entries.ndjson", Source.NO_PARTITION),
                null,
                1,
                101,
                completed,
                new SourceCounts(consumed, consumed, 0, 0, 0, 0),
                0,
                0);
    }

    private static Finding only(LogSpan span, CoverageRow... rows) {
        return CompletenessProof.of(1, List.of(span), List.of(rows)).findings().get(0);
    }

    @Test
    void aPartitionAppliedToTheEndAndAnInputReadToItsEndAreProved() {
        CompletenessProof proof =
                CompletenessProof.of(1, List.of(LOG), List.of(stream("id-1", 10, 110, 98), input(true, 100)));

        assertThat(proof.state()).isEqualTo(State.PROVED);
        assertThat(proof.openDeadLetters()).isEqualTo(1);
        assertThat(proof.findings().get(0).detail())
                .isEqualTo(
                        "10..110 of 110: consumed 98 = applied 95 + stale 1 + duplicate 1 + dead 1 (1 open), 2 offsets without an event");
    }

    @Test
    void whatIsNotAppliedYetIsNotProved() {
        assertThat(only(LOG, stream(null, 10, 100, 90)))
                .returns(State.NOT_PROVED, Finding::state)
                .extracting(Finding::detail)
                .asString()
                .endsWith("10 not applied yet");
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
                .returns(State.GAP, Finding::state)
                .extracting(Finding::detail)
                .asString()
                .contains("10 records are gone");
    }

    @Test
    void anotherLogUnderTheSameNameIsAGap() {
        assertThat(only(LOG, stream("id-0", 10, 110, 100)).state()).isEqualTo(State.GAP);
        assertThat(only(LOG, stream(null, 10, 111, 100)).state()).isEqualTo(State.GAP);
    }

    @Test
    void aPartitionThatTheBrokerDoesNotKnowIsAGap() {
        CompletenessProof proof = CompletenessProof.of(1, List.of(), List.of(stream(null, 10, 110, 100)));

        assertThat(proof.state()).isEqualTo(State.GAP);
    }

    @Test
    void anInputThatWasNotReadToItsEndIsNotProved() {
        CompletenessProof proof =
                CompletenessProof.of(1, List.of(LOG), List.of(stream(null, 10, 110, 100), input(false, 100)));

        assertThat(proof.state()).isEqualTo(State.NOT_PROVED);
    }

    @Test
    void nothingAtAllProvesNothing() {
        assertThat(CompletenessProof.of(1, List.of(), List.of()).state()).isEqualTo(State.NOT_PROVED);
    }
}
