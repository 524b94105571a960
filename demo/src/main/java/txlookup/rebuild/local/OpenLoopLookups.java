package txlookup.rebuild.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import txlookup.profiles.settings.SloSettings;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.AskedGeneration;

/**
 * Lookups at a fixed arrival rate, each sent when it is due whether or not earlier ones were answered; latency counts
 * from when it was due, so a slow server cannot hide by slowing the questions down.
 */
final class OpenLoopLookups {
    private static final Duration TIME_OUT = Duration.ofSeconds(5);

    private final URI api;
    private final long generation;
    private final double perSecond;
    private final LongFunction<String> txIds;

    /**
     * Prepares it.
     *
     * @param generation the generation that is asked; it need not serve
     * @param txIds the entry that the n-th lookup asks for
     */
    OpenLoopLookups(URI api, long generation, double perSecond, LongFunction<String> txIds) {
        this.api = api;
        this.generation = generation;
        this.perSecond = perSecond;
        this.txIds = txIds;
    }

    /**
     * What was seen.
     *
     * @param millis latencies of all answers, ascending
     * @param failed lookups without an answer in time, or with another one than 200 and 404
     */
    record Result(List<Double> millis, long failed) {
        long requests() {
            return millis.size() + failed;
        }

        double percentile(double share) {
            return millis.isEmpty() ? Double.NaN : millis.get((int) Math.ceil(share * millis.size()) - 1);
        }

        double failedShare() {
            return requests() == 0 ? 1 : (double) failed / requests();
        }

        GateResult latency(SloSettings slo) {
            double p95 = percentile(0.95);
            return new GateResult(
                    "API p95",
                    requests() >= slo.minimumRequests()
                            && p95 < slo.apiLatencyP95().toMillis(),
                    "%.1f ms of %,d lookups (p50 %.1f, p99 %.1f)"
                            .formatted(p95, requests(), percentile(0.5), percentile(0.99)),
                    "< %d ms, at least %,d lookups"
                            .formatted(slo.apiLatencyP95().toMillis(), slo.minimumRequests()));
        }

        GateResult errors(SloSettings slo) {
            return new GateResult(
                    "API errors",
                    failedShare() < slo.errorShare(),
                    "%.2f %% (%d)".formatted(100 * failedShare(), failed),
                    "< %.0f %%".formatted(100 * slo.errorShare()));
        }
    }

    /** @param goOn asked before each lookup, with its number */
    Result run(LongPredicate goOn) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIME_OUT)
                .build();
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        long started = System.nanoTime();
        for (long n = 0; goOn.test(n); n++) {
            long due = started + (long) (n / perSecond * 1e9);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve("/admin/tx/" + txIds.apply(n)))
                    .timeout(TIME_OUT)
                    .header("X-Actor-Id", "slo-gate");
            AskedGeneration.in(request, generation);
            answers.add(http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                    .handle((response, e) -> {
                        boolean answered = e == null && (response.statusCode() == 200 || response.statusCode() == 404);
                        if (answered) {
                            millis.add((System.nanoTime() - due) / 1e6);
                        }
                        return answered;
                    }));
        }
        long failed = answers.stream().filter(answer -> !answer.join()).count();
        return new Result(millis.stream().sorted().toList(), failed);
    }
}
