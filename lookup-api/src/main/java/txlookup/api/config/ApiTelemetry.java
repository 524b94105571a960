package txlookup.api.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the API's traces and metrics go beside {@code /metrics}.
 *
 * @param traces takes the traces; {@link OpenTelemetry#noop} for none
 * @param exported takes what {@code /metrics} shows as well
 */
public record ApiTelemetry(OpenTelemetry traces, Optional<MeterRegistry> exported) {
    /** Nothing is traced and nothing is sent. */
    public static final ApiTelemetry NONE = new ApiTelemetry(OpenTelemetry.noop(), Optional.empty());

    public ApiTelemetry {
        Objects.requireNonNull(traces, "traces");
        Objects.requireNonNull(exported, "exported");
    }
}
