package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.offsets.GapException;
import txlookup.guarantee.CutoverTrial.Extract;

/** A file is older than the run that loads it, and events were published in between: the log is read from its reading on. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExtractBeforeTheRunIT {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private CutoverTrial trial;

    @AfterEach
    void end() {
        trial.close();
    }

    private Instant minutes(long afterCutover) {
        return trial.cutover.plus(Duration.ofMinutes(afterCutover));
    }

    private void publish(String txId, long minutesAfterCutover) throws Exception {
        trial.publish(txId, minutes(minutesAfterCutover), minutes(minutesAfterCutover));
    }

    @Test
    void whatWasPublishedBetweenTheReadingAndTheRunIsThere() throws Exception {
        trial = new CutoverTrial(new Extract(Optional.of(TEN_MINUTES), Map.of("cutover.overlap", "1m")));
        publish("in-the-extract", -20);
        publish("in-between-1", -9);
        publish("in-between-2", -1);
        trial.anchor();
        assertThat(trial.startOffset()).isEqualTo(1);
        trial.load(folder, List.of(CutoverTrial.entry("in-the-extract", minutes(-20))));
        publish("after", 1);
        trial.startConsumer();
        trial.awaitCaughtUp();
        assertThat(trial.stored())
                .containsOnlyKeys("in-the-extract", "in-between-1", "in-between-2", "after")
                .isEqualTo(trial.expected());
    }

    @Test
    void aFileOfWhichNobodyKnowsWhenItWasReadIsNotLoaded() throws Exception {
        trial = new CutoverTrial(Extract.table());
        publish("in-between", -5);
        trial.anchor();
        assertThatThrownBy(() -> trial.loadFile(folder, List.of(CutoverTrial.entry("in-the-extract", minutes(-20)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entries.ndjson: nothing says when it was read")
                .hasMessageContaining("--as-of");
        assertThat(trial.stored()).isEmpty();
    }

    @Test
    void anExtractThatIsOlderThanTheLogIsRefusedWithBothInstants() throws Exception {
        trial = new CutoverTrial(Extract.files(TEN_MINUTES, "1m"));
        publish("gone", -12);
        publish("left", -5);
        trial.forgetBefore(1);
        assertThatThrownBy(trial::anchor)
                .isInstanceOf(GapException.class)
                .hasMessageContaining("events since " + minutes(-11) + " are wanted")
                .hasMessageContaining("its oldest record is of " + minutes(-5));
        assertThat(trial.stored()).isEmpty();
    }

    @Test
    void anOlderFileThanTheOnesThatAGenerationIsPinnedForIsRefused() throws Exception {
        trial = new CutoverTrial(Extract.files(TEN_MINUTES, "1m"));
        trial.anchor();
        Instant older = minutes(-11);
        assertThatThrownBy(() -> trial.anchor(Optional.of(older)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is pinned for files that were read at " + minutes(-10))
                .hasMessageContaining("the files were read at " + older);
    }
}
