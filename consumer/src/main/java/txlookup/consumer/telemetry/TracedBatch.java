package txlookup.consumer.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import txlookup.apply.store.position.BatchResult;

/** A batch's span while the batch is applied. */
public final class TracedBatch implements AutoCloseable {
    /** Of what is not traced. */
    static final TracedBatch NONE = new TracedBatch(Span.getInvalid(), Scope.noop());

    private final Span span;
    private final Scope scope;

    private TracedBatch(Span span, Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    @SuppressWarnings("MustBeClosed") // close() does
    static TracedBatch current(Span span) {
        return new TracedBatch(span, span.makeCurrent());
    }

    public void applied(BatchResult applied) {
        span.setAttribute("txlookup.records.applied", applied.applied());
        span.setAttribute("txlookup.records.dead", applied.dead());
    }

    /** Its kind alone: a message may quote what a record holds. */
    public void failed(Exception e) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute("error.type", e.getClass().getName());
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
