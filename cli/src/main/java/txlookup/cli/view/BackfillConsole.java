package txlookup.cli.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/** Shows how a backfill goes: rows, share, rate, time left and rejects. */
public final class BackfillConsole implements BackfillProgress {
    private static final Logger log = LoggerFactory.getLogger(BackfillConsole.class);

    private final ProgressLine line;
    private final Map<String, Loaded> inputs = new ConcurrentHashMap<>();
    private final Map<String, String> waiting = new ConcurrentHashMap<>();
    private long started;

    private record Loaded(long rowsBefore, long rows, long rejected, long done, OptionalLong size) {
        double share() {
            return size.isEmpty() || size.getAsLong() == 0 ? 0 : Math.min((double) done / size.getAsLong(), 1);
        }
    }

    public BackfillConsole(PrintWriter out) {
        this.line = new ProgressLine(out);
    }

    @Override
    public synchronized void begins(Input input, long rowsBefore) {
        if (inputs.isEmpty()) {
            started = System.nanoTime();
        }
        inputs.put(input.name(), new Loaded(rowsBefore, 0, 0, 0, sizeOf(input)));
    }

    private static OptionalLong sizeOf(Input input) {
        try {
            return input.size();
        } catch (IOException | SQLException e) {
            log.warn(
                    "The size of {} is not known, so progress has no share and no time left: {}",
                    input.name(),
                    e.getMessage());
            return OptionalLong.empty();
        }
    }

    @Override
    public synchronized void applied(Input input, Chunk chunk, BatchResult applied) {
        inputs.computeIfPresent(
                input.name(),
                (name, loaded) -> new Loaded(
                        loaded.rowsBefore(),
                        loaded.rows() + applied.consumed(),
                        loaded.rejected() + applied.dead(),
                        chunk.done(),
                        loaded.size()));
        line.show(this::state);
    }

    @Override
    public synchronized void waits(Input input, String reason) {
        waiting.put(input.name(), reason);
        line.show(this::state);
    }

    @Override
    public synchronized void resumes(Input input) {
        waiting.remove(input.name());
        line.show(this::state);
    }

    private String state() {
        long rows = inputs.values().stream().mapToLong(Loaded::rows).sum();
        long rejected = inputs.values().stream().mapToLong(Loaded::rejected).sum();
        double seconds = (System.nanoTime() - started) / 1e9;
        double share = inputs.values().stream().collect(Collectors.averagingDouble(Loaded::share));
        String left = share > 0.01 ? ", %.0f s left".formatted(seconds / share - seconds) : "";
        String waits = waiting.isEmpty()
                ? ""
                : "; waits: " + waiting.values().stream().distinct().sorted().collect(Collectors.joining("; "));
        return "%,d rows, %.0f %%, %,.0f rows/s, %,d rejected%s%s"
                .formatted(rows, 100 * share, rows / seconds, rejected, left, waits);
    }

    public void clearLine() {
        line.clear();
    }
}
