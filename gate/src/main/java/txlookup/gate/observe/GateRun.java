package txlookup.gate.observe;

import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import txlookup.gate.model.Observation;
import txlookup.gate.model.Observation.Environment;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;

/**
 * Observes an environment for a while: every source at fixed instants, then what is asked once at the end. Instants that
 * a slow answer has used up are left out, not made up for.
 */
public final class GateRun {
    private final Environment environment;
    private final SloFile file;
    private final List<ObservationSource> sources;
    private final Clock clock;

    /** Prepares it; the sources stay the caller's to close. */
    public GateRun(Environment environment, SloFile file, List<ObservationSource> sources) {
        this.environment = environment;
        this.file = file;
        this.sources = List.copyOf(sources);
        this.clock = Clock.systemUTC();
    }

    /**
     * Observes.
     *
     * @param duration how long, after the sources' preparations
     * @param interval from one instant to the next
     * @param progress told how much is left, once an instant
     * @throws ConnectException when nothing of the environment answers at all
     */
    public Observation observe(Duration duration, Duration interval, Consumer<Duration> progress)
            throws InterruptedException, ConnectException {
        Recorder recorder = new Recorder(environment, file, clock.instant());
        CanaryMarkers.READINGS.forEach(name -> recorder.absent(name, "no marker events are sent"));
        for (ObservationSource source : sources) {
            source.begin(recorder);
        }
        long began = System.nanoTime();
        for (long due = 0; due <= duration.toNanos(); due += interval.toNanos()) {
            long wait = began + due - System.nanoTime();
            if (wait < -interval.toNanos() && due > 0 && due + interval.toNanos() <= duration.toNanos()) {
                continue;
            }
            TimeUnit.NANOSECONDS.sleep(wait);
            progress.accept(duration.minusNanos(due));
            sample(recorder);
            if (due == 0 && recorder.nothingAnswers()) {
                throw new ConnectException(
                        "Nothing of %s answers: %s".formatted(environment.name(), recorder.failures()));
            }
        }
        recorder.at(clock.instant());
        for (ObservationSource source : sources) {
            source.end(recorder);
        }
        return recorder.finish(clock.instant());
    }

    private void sample(Recorder recorder) throws InterruptedException {
        Instant now = clock.instant();
        recorder.at(now);
        for (ObservationSource source : sources) {
            source.sample(recorder);
        }
    }
}
