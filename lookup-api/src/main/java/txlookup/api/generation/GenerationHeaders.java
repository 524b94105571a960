package txlookup.api.generation;

import jakarta.servlet.http.HttpServletResponse;
import txlookup.api.freshness.DataAge;

/** Headers of a lookup's answer: which generation it is of, and how old its data is. */
public final class GenerationHeaders {
    private GenerationHeaders() {}

    /** Of the generation that answered, whatever was said of its data before. */
    static void set(SharedLookups.Answer<?> answer, HttpServletResponse response) {
        response.setHeader(Generations.HEADER, Long.toString(answer.generation().generation()));
        set(answer.age(), response);
    }

    /** Up to when everything is there, and whether that is too long ago. Absent where it is not known. */
    public static void set(DataAge age, HttpServletResponse response) {
        response.setHeader(
                "X-Data-As-Of", age.asOf() == null ? null : age.asOf().toString());
        response.setHeader("X-Data-Stale", age.stale() ? "true" : null);
    }
}
