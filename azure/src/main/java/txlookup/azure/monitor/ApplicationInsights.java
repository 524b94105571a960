package txlookup.azure.monitor;

import com.azure.monitor.opentelemetry.autoconfigure.AzureMonitorAutoConfigure;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import java.util.Map;
import java.util.regex.Pattern;

/** Sends what OpenTelemetry gathers to Application Insights, by Azure's own distribution for OpenTelemetry. */
public final class ApplicationInsights {
    private static final Pattern CONNECTION_STRING =
            Pattern.compile("(?i)(?:[^;]+;)*InstrumentationKey=[0-9a-f-]{36}(?:;.*)?");

    private ApplicationInsights() {}

    /**
     * Makes it the exporter of traces and metrics.
     *
     * @param connectionString of the component; it holds a key, so no message repeats it
     * @throws IllegalArgumentException when it is none
     */
    public static void receive(AutoConfiguredOpenTelemetrySdkBuilder telemetry, String connectionString) {
        if (!CONNECTION_STRING.matcher(connectionString).matches()) {
            throw new IllegalArgumentException(
                    "APPLICATIONINSIGHTS_CONNECTION_STRING: saw %d characters that are no connection string, wanted InstrumentationKey=GUID;IngestionEndpoint=URL as the component shows it"
                            .formatted(connectionString.length()));
        }
        // Its live view would hold a connection of its own open for spectators that nobody has here.
        telemetry.addPropertiesSupplier(() -> Map.of("applicationinsights.live.metrics.enabled", "false"));
        AzureMonitorAutoConfigure.customize(telemetry, connectionString);
    }
}
