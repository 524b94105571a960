package txlookup.api.generation;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import txlookup.api.freshness.Freshness;

/** Headers of a lookup's answer: which generation it is of, and how old its data is. */
public final class GenerationHeaders {
    private GenerationHeaders() {}

    /** Of the generation that answered, whatever was said of its data before. */
    static void set(GenerationStore generation, HttpServletResponse response) {
        response.setHeader(Generations.HEADER, Long.toString(generation.generation()));
        set(generation.freshness(), response);
    }

    /** Up to when everything is there, and whether that is too long ago. Absent where it is not known. */
    public static void set(Freshness freshness, HttpServletResponse response) {
        response.setHeader(
                "X-Data-As-Of", freshness.asOf().map(Instant::toString).orElse(null));
        response.setHeader("X-Data-Stale", freshness.isStale() ? "true" : null);
    }
}
