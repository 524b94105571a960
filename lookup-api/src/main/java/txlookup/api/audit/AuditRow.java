package txlookup.api.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code bo.audit}; the components are its columns. Text is made storable and is bounded, because a header may
 * hold anything. A text that was cut ends with its whole length.
 */
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

    /** What the row keeps of a resource's id, and so what a search for one looks for. */
    static final int LONGEST_ID = 512;

    static final int LONGEST_ACTOR = 255;
    private static final int LONGEST_AGENT = 512;
    private static final int LONGEST_PATH = 2_048;
    private static final int LONGEST_WORD = 64;
    private static final int MOST_ROLES = 32;
    private static final int LONGEST_ROLE = 128;

    public AuditRow {
        at = at.truncatedTo(ChronoUnit.MICROS); // as it is stored, for its hash has to be found again
        actor = kept(actor, LONGEST_ACTOR);
        roles = roles.stream()
                .limit(MOST_ROLES)
                .map(role -> kept(role, LONGEST_ROLE))
                .toList();
        ip = ip == null ? null : kept(ip, LONGEST_WORD);
        userAgent = userAgent == null ? null : kept(userAgent, LONGEST_AGENT);
        resourceId = kept(resourceId, LONGEST_ID);
        method = kept(method, LONGEST_WORD);
        path = kept(path, LONGEST_PATH);
        query = query == null ? null : kept(query, LONGEST_PATH);
        correlationId = kept(correlationId, LONGEST_ACTOR);
    }

    /** A text as a row holds it; the same again for what a row holds. */
    static String kept(String text, int most) {
        String whole = text;
        if (text.length() > most) {
            String length = "...[%d characters]".formatted(text.length());
            whole = text.substring(0, most - length.length()) + length;
        }
        return UNSTORABLE.matcher(whole).replaceAll("\uFFFD");
    }
}
