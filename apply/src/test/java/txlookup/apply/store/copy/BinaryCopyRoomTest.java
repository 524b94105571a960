package txlookup.apply.store.copy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Room is used again from batch to batch; what only one huge batch needed is given up. */
class BinaryCopyRoomTest {
    private final BinaryCopy copy = new BinaryCopy();

    @Test
    void roomForUsualBatchesStays() {
        copy.raw(new byte[1 << 20]);
        int grown = copy.room();
        copy.clear();
        assertThat(copy.room()).isEqualTo(grown);
        assertThat(copy.length()).isZero();
    }

    @Test
    void roomForOneHugeBatchIsGivenUp() {
        int before = copy.room();
        copy.raw(new byte[BinaryCopy.MOST_KEPT + 1]);
        copy.clear();
        assertThat(copy.room()).isEqualTo(before);
        assertThat(copy.raw(new byte[10]).length()).isEqualTo(10);
    }
}
