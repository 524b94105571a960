package txlookup.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** {@code X-Correlation-ID}: the request's when it is a plain token of at most 128 characters, else a made one. */
public final class CorrelationId {
    public static final String HEADER = "X-Correlation-ID";

    private static final Pattern PLAIN_TOKEN = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final String ATTRIBUTE = CorrelationId.class.getName();

    private CorrelationId() {}

    /** The same id however often it is asked for during one request. */
    public static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String sent = request.getHeader(HEADER);
        String id = sent != null && PLAIN_TOKEN.matcher(sent).matches() ? sent : made().toString();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    /** A UUID of version 7: ids that were made one after another lie together in the audit's index. */
    private static UUID made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long version = 0x7000L | random.nextInt(1 << 12);
        long variant = Long.MIN_VALUE | random.nextLong() >>> 2;
        return new UUID(System.currentTimeMillis() << 16 | version, variant);
    }
}
