package txlookup.profiles.settings;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a service's traces and metrics are sent. Its {@code /metrics} answers in any case.
 *
 * @param exporter default {@link Exporter#NONE}
 * @param endpoint where an OpenTelemetry collector takes OTLP over HTTP, such as {@code http://collector:4318}; required
 *     with {@link Exporter#OTLP}
 * @param sampleRatio share of traces, 0 to 1, that is kept where nobody decided before; default 0.05. A caller or a
 *     producer that names a trace decides for it (W3C Trace Context)
 */
public record TelemetrySettings(Exporter exporter, Optional<URI> endpoint, double sampleRatio) {

    /** Names the variable that holds where {@link Exporter#AZURE_MONITOR} sends to, and the key to it. */
    public static final String CONNECTION_STRING = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public TelemetrySettings {
        Objects.requireNonNull(exporter, "exporter");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    public enum Exporter {
        /** Nothing is traced and nothing is sent. */
        NONE,
        /** An OpenTelemetry collector. */
        OTLP,
        /** Application Insights, as {@link #CONNECTION_STRING} says. */
        AZURE_MONITOR
    }
}
