package txlookup.rebuild.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/** A load waits before it takes the disk of what serves. */
class DiskFloorTest {
    private final List<String> told = new ArrayList<>();

    private void afterAChunk(Callable<OptionalLong> free) {
        BackfillProgress listening = new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                told.add("applied");
            }

            @Override
            public void waits(Input input, String reason) {
                told.add(reason);
            }

            @Override
            public void resumes(Input input) {
                told.add("resumes");
            }
        };
        new DiskFloor(listening, free, Duration.ofMillis(1)).applied(null, null, null);
    }

    @Test
    void waitsWhileTooLittleIsLeftAndGoesOnWithRoom() {
        Iterator<Long> mebibytes = List.of(100L, 255L, 256L).iterator();

        afterAChunk(() -> OptionalLong.of(mebibytes.next() << 20));

        assertThat(told).hasSize(4);
        assertThat(told.get(1)).startsWith("the disk has 100 MiB left, and a load leaves 256 to what serves");
        assertThat(told.get(2)).startsWith("the disk has 255 MiB left");
        assertThat(told.get(3)).isEqualTo("resumes");
    }

    @Test
    void waitsForNothingWhereNobodyKnows() {
        afterAChunk(OptionalLong::empty);
        afterAChunk(() -> {
            throw new IOException("the folder is away");
        });

        assertThat(told).containsExactly("applied", "applied");
    }
}
