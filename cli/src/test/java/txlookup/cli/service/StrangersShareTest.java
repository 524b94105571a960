package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;

/** The sender of a request may not decide that its trace is kept. */
class StrangersShareTest {
    private static final int REQUESTS = 2_000;
    /** Every sampler that looks at the id alone keeps this one. */
    private static final String LEAST_TRACE = "00000000000000000000000000000001";

    @Test
    void aCallerWhoWantsEveryTraceKeptGetsTheShare() {
        assertThat(kept(StrangersShare.of(0.05), LEAST_TRACE, TraceFlags.getSampled()))
                .isBetween(REQUESTS / 100, REQUESTS / 10);
        assertThat(kept(Sampler.parentBased(Sampler.traceIdRatioBased(0.05)), LEAST_TRACE, TraceFlags.getSampled()))
                .as("what it is instead of")
                .isEqualTo(REQUESTS);
    }

    @Test
    void whatACallerDoesNotKeepIsNotKeptEither() {
        assertThat(kept(StrangersShare.of(1), LEAST_TRACE, TraceFlags.getDefault()))
                .isZero();
    }

    @Test
    void aShareOfAllKeepsAllAndOneOfNothingNothing() {
        assertThat(kept(StrangersShare.of(1), LEAST_TRACE, TraceFlags.getSampled()))
                .isEqualTo(REQUESTS);
        assertThat(kept(StrangersShare.of(0), LEAST_TRACE, TraceFlags.getSampled()))
                .isZero();
    }

    private static int kept(Sampler sampler, String trace, TraceFlags flags) {
        int kept = 0;
        try (SdkTracerProvider traces =
                SdkTracerProvider.builder().setSampler(sampler).build()) {
            Context caller = Context.root()
                    .with(Span.wrap(SpanContext.createFromRemoteParent(
                            trace, "0000000000000001", flags, TraceState.getDefault())));
            for (int request = 0; request < REQUESTS; request++) {
                Span span =
                        traces.get("test").spanBuilder("GET").setParent(caller).startSpan();
                kept += span.getSpanContext().isSampled() ? 1 : 0;
                span.end();
            }
        }
        return kept;
    }
}
