package txlookup.cli.service;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps a share of the traces that a caller says are kept. The share is drawn by lot, and not from the trace's id: a caller who
 * chooses the id would choose the result.
 *
 * @param share from 0 to 1
 */
record StrangersShare(double share) implements Sampler {
    /** As the parent decided inside this process, this share of what a caller wants kept, and this share of all else. */
    static Sampler of(double share) {
        return Sampler.parentBasedBuilder(Sampler.traceIdRatioBased(share))
                .setRemoteParentSampled(new StrangersShare(share))
                .build();
    }

    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        return ThreadLocalRandom.current().nextDouble() < share
                ? SamplingResult.recordAndSample()
                : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return toString();
    }
}
