package txlookup.rebuild.local;

import java.util.concurrent.CompletableFuture;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;

/** Events that are published while a gate looks. */
final class LiveTraffic implements ObservationSource {
    private final Runnable publishing;
    private CompletableFuture<Void> published = CompletableFuture.completedFuture(null);

    LiveTraffic(Runnable publishing) {
        this.publishing = publishing;
    }

    @Override
    public void begin(Recorder recorder) {
        published = CompletableFuture.runAsync(publishing, task -> new Thread(task, "traffic").start());
    }

    /** Throws when the broker did not take them: what was to be measured was not there. */
    @Override
    public void end(Recorder recorder) {
        published.join();
    }
}
