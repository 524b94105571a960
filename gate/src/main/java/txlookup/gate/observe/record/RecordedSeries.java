package txlookup.gate.observe.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import txlookup.apply.metrics.MetricsText;

/** Raw samples that somebody else scraped, played to the recorder as the scrapes that they were. */
public final class RecordedSeries {
    private final SortedMap<Instant, List<MetricsText.Sample>> scrapes = new TreeMap<>();

    public void add(Instant at, String metric, SortedMap<String, String> labels, double value) {
        scrapes.computeIfAbsent(at, unused -> new ArrayList<>()).add(new MetricsText.Sample(metric, labels, value));
    }

    /** @param processOf the service of each metric */
    public void play(Recorder recorder, String instance, Map<String, String> processOf) {
        Instant now = recorder.now();
        scrapes.forEach((at, samples) -> {
            recorder.at(at);
            Map<String, List<MetricsText.Sample>> byProcess = new TreeMap<>();
            for (MetricsText.Sample sample : samples) {
                byProcess
                        .computeIfAbsent(processOf.get(sample.name()), unused -> new ArrayList<>())
                        .add(sample);
            }
            byProcess.forEach((process, text) -> recorder.metrics(process, instance, text));
        });
        recorder.at(now);
    }
}
