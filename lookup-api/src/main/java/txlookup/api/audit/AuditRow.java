package txlookup.api.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row of {@code bo.audit}; the components are its columns. Text is made storable: a header may hold anything. */
public record AuditRow(
        Instant at,
        String actor,
        List<String> roles,
        @Nullable String ip,
        @Nullable String userAgent,
        String action,
        String resourceType,
        String resourceId,
        String method,
        String path,
        @Nullable String query,
        Result result,
        int statusCode,
        int durationMs,
        int resultCount,
        String correlationId,
        @Nullable Long generation) {

    public enum Result {
        FOUND,
        NOT_FOUND,
        EMPTY,
        DENIED
    }

    /** What PostgreSQL's text cannot hold: NUL, and halves of a surrogate pair. */
    private static final Pattern UNSTORABLE = Pattern.compile("[\\x{0}\\x{D800}-\\x{DFFF}]");

    public AuditRow {
        at = at.truncatedTo(ChronoUnit.MICROS); // as it is stored, for its hash has to be found again
        actor = storable(actor);
        roles = roles.stream().map(AuditRow::storable).toList();
        userAgent = userAgent == null ? null : storable(userAgent);
        resourceId = storable(resourceId);
        path = storable(path);
        query = query == null ? null : storable(query);
    }

    private static String storable(String text) {
        return UNSTORABLE.matcher(text).replaceAll("\uFFFD");
    }
}
