package txlookup.cli.view;

import java.time.Duration;
import java.util.OptionalLong;
import txlookup.apply.model.Entity;
import txlookup.proof.compare.VerificationProgress;

/** Shows how a comparison goes: rows read on both sides, rate and time left. */
public final class VerificationConsole implements VerificationProgress {
    private final ProgressLine line;
    private final long started = System.nanoTime();
    private long read;
    private long expected;
    private boolean expectedIsKnown = true;
    private long buckets;

    public VerificationConsole(ProgressLine line) {
        this.line = line;
    }

    @Override
    public synchronized void begins(Entity entity, int differing, OptionalLong rows) {
        expected += rows.orElse(0);
        expectedIsKnown &= rows.isPresent();
        buckets += differing;
    }

    @Override
    public synchronized void read(long rows) {
        read += rows;
        line.show(this::state);
    }

    private String state() {
        double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        double rate = read / Math.max(seconds, 0.001);
        StringBuilder state = new StringBuilder("%,d rows read".formatted(read));
        // An estimate that was exceeded says nothing any more.
        if (expectedIsKnown && read < expected) {
            state.append(" of about %,d".formatted(expected));
        }
        state.append(", %,.0f rows/s".formatted(rate));
        if (buckets > 0) {
            state.append(", searching %,d buckets that differ".formatted(buckets));
        }
        if (expectedIsKnown && read < expected) {
            state.append(", about %.0f s left".formatted((expected - read) / rate));
        }
        return state.toString();
    }
}
