package txlookup.cli.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.micrometer.v1_5.OpenTelemetryMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.View;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import txlookup.azure.monitor.ApplicationInsights;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.TelemetrySettings;
import txlookup.profiles.settings.TelemetrySettings.Exporter;

/**
 * Where a service's traces and metrics go beside its {@code /metrics}, as the profile says. Metrics keep the names of
 * docs/metrics.md. OpenTelemetry's own variables ({@code OTEL_...}) hold for what the profile does not say. What cannot be
 * sent is dropped; a service never waits for it.
 */
final class Telemetry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Telemetry.class);
    private static final Duration LAST_SENDING = Duration.ofSeconds(3);

    private final OpenTelemetry traces;
    private final Optional<MeterRegistry> exported;
    private final SdkEnd sdk;

    private interface SdkEnd {
        CompletableResultCode shutdown();
    }

    private Telemetry(OpenTelemetry traces, Optional<MeterRegistry> exported, SdkEnd sdk) {
        this.traces = traces;
        this.exported = exported;
        this.sdk = sdk;
    }

    /**
     * Starts it for one service.
     *
     * @param service its name where traces are looked at
     * @param strangersAsk whether anybody may send it requests, and so traces that want to be kept
     * @throws IllegalArgumentException when the connection string that the profile's exporter needs is missing or none
     */
    static Telemetry start(String service, boolean strangersAsk, Profile profile, Map<String, String> environment) {
        TelemetrySettings settings = profile.telemetry();
        if (settings.exporter() == Exporter.NONE) {
            return new Telemetry(OpenTelemetry.noop(), Optional.empty(), CompletableResultCode::ofSuccess);
        }
        // OpenTelemetry tells its troubles to the JDK's own log.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        AutoConfiguredOpenTelemetrySdkBuilder builder = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> described(service, profile))
                .addPropertiesCustomizer(unused -> decided(settings))
                // The histograms hold it; Prometheus needs it beside them, OpenTelemetry does not.
                .addMeterProviderCustomizer((meters, unused) -> meters.registerView(
                        InstrumentSelector.builder().setName("*.max").build(),
                        View.builder().setAggregation(Aggregation.drop()).build()));
        if (settings.exporter() == Exporter.AZURE_MONITOR) {
            ApplicationInsights.receive(builder, connectionString(environment));
        }
        if (strangersAsk) {
            builder.addSamplerCustomizer((usual, unused) -> StrangersShare.of(settings.sampleRatio()));
        }
        OpenTelemetrySdk sdk = builder.build().getOpenTelemetrySdk();
        MeterRegistry meters =
                OpenTelemetryMeterRegistry.builder(sdk).setPrometheusMode(true).build();
        meters.config().namingConvention(new ExportedNames());
        return new Telemetry(sdk, Optional.of(meters), sdk::shutdown);
    }

    private static Map<String, String> described(String service, Profile profile) {
        return Map.of(
                "otel.service.name",
                service,
                "otel.resource.attributes",
                "service.namespace=%s,deployment.environment.name=%s"
                        .formatted(profile.naming().project(), profile.naming().env()));
    }

    private static Map<String, String> decided(TelemetrySettings settings) {
        Map<String, String> decided = new HashMap<>();
        decided.put("otel.traces.sampler", "parentbased_traceidratio");
        decided.put("otel.traces.sampler.arg", Double.toString(settings.sampleRatio()));
        decided.put("otel.propagators", "tracecontext");
        decided.put("otel.logs.exporter", "none");
        if (settings.exporter() == Exporter.OTLP) {
            decided.put("otel.traces.exporter", "otlp");
            decided.put("otel.metrics.exporter", "otlp");
            decided.put("otel.exporter.otlp.protocol", "http/protobuf");
            decided.put(
                    "otel.exporter.otlp.endpoint",
                    settings.endpoint().orElseThrow().toString());
        }
        return decided;
    }

    private static String connectionString(Map<String, String> environment) {
        String found = environment.get(TelemetrySettings.CONNECTION_STRING);
        if (found == null || found.isBlank()) {
            throw new IllegalArgumentException(
                    "%s: saw nothing, wanted the component's connection string, since telemetry.exporter is azure-monitor"
                            .formatted(TelemetrySettings.CONNECTION_STRING));
        }
        return found;
    }

    OpenTelemetry traces() {
        return traces;
    }

    /** Takes the metrics; empty where none are sent. */
    Optional<MeterRegistry> exported() {
        return exported;
    }

    /** Sends what is left, for {@link #LAST_SENDING} at most. */
    @Override
    public void close() {
        // Beside this thread: its own patience with a receiver that is away adds up to twenty seconds.
        CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> sdk.shutdown()
                .join(LAST_SENDING.toMillis(), TimeUnit.MILLISECONDS)
                .isSuccess());
        if (!sent.completeOnTimeout(false, LAST_SENDING.toMillis(), TimeUnit.MILLISECONDS)
                .join()) {
            log.warn("The last traces or metrics were not sent within {}", LAST_SENDING);
        }
    }
}
