package txlookup.gate.observe;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.record.ServiceHttp.Answer;

/** Whether services answer 200 to {@code /ready}, at every instant; anything else, silence too, is not ready. */
public final class ServiceProbes implements ObservationSource {
    private static final String READING = "ready";

    private final Map<String, URI> ready;
    private final ServiceHttp http;

    /** @param ready the address of each process's {@code /ready} */
    public ServiceProbes(Map<String, URI> ready, ServiceHttp http) {
        this.ready = Map.copyOf(ready);
        this.http = http;
    }

    @Override
    public void sample(Recorder recorder) throws InterruptedException {
        for (Map.Entry<String, URI> process : ready.entrySet()) {
            Map<String, String> labels = Map.of("process", process.getKey());
            try {
                Answer answer = http.get(process.getValue());
                boolean ok = answer.status() == 200;
                recorder.reading(
                        process.getKey(),
                        READING,
                        labels,
                        ok ? 1.0 : 0.0,
                        ok ? null : "%s answers %d".formatted(process.getValue(), answer.status()));
            } catch (IOException e) {
                recorder.reading(
                        process.getKey(),
                        READING,
                        labels,
                        0.0,
                        "%s does not answer: %s".formatted(process.getValue(), ServiceHttp.said(e)));
            }
        }
    }
}
