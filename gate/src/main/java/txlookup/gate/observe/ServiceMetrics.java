package txlookup.gate.observe;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import txlookup.apply.metrics.MetricsText;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.record.ServiceHttp.Answer;

/** One service process's own {@code /metrics}, at every instant. */
public final class ServiceMetrics implements ObservationSource {
    private final String process;
    private final URI address;
    private final ServiceHttp http;

    /**
     * Scrapes one process.
     *
     * @param process as the file of objectives names it
     * @param address of its metrics
     */
    public ServiceMetrics(String process, URI address, ServiceHttp http) {
        this.process = process;
        this.address = address;
        this.http = http;
    }

    @Override
    public void sample(Recorder recorder) throws InterruptedException {
        try {
            Answer answer = http.get(address);
            if (answer.status() != 200) {
                recorder.failed(process, address.toString(), "status " + answer.status());
                return;
            }
            List<MetricsText.Sample> samples = MetricsText.parse(answer.body());
            recorder.metrics(process, address.toString(), samples);
        } catch (IOException | IllegalArgumentException e) {
            recorder.failed(process, address.toString(), ServiceHttp.said(e));
        }
    }
}
