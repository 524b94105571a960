package txlookup.proof.compare;

import java.util.function.Consumer;
import txlookup.backfill.throttle.Throttle;

/** One reading of one side: tells how far it is, and gives way to lookups and to the stream. Belongs to one thread. */
final class Reading implements Consumer<Row> {
    private static final int CHUNK_ROWS = 10_000;

    private final Consumer<Row> rows;
    private final VerificationProgress progress;
    private final Throttle throttle;
    private int read;

    Reading(Consumer<Row> rows, VerificationProgress progress, Throttle throttle) {
        this.rows = rows;
        this.progress = progress;
        this.throttle = throttle;
    }

    @Override
    public void accept(Row row) {
        rows.accept(row);
        if (++read == CHUNK_ROWS) {
            tell();
            giveWay();
        }
    }

    private void tell() {
        progress.read(read);
        read = 0;
    }

    private void giveWay() {
        try {
            throttle.giveWay();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a side was read", e);
        }
    }

    /** Tells of the rows after the last whole chunk. */
    void end() {
        tell();
    }
}
