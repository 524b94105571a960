package txlookup.api.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C Trace Context's {@code traceparent} header. */
record TraceParent(String header, String traceId) {
    static final String HEADER = "traceparent";

    // Version 00 has exactly four parts; later ones may have more. Version ff and all-zero ids are invalid.
    private static final Pattern VALID = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?<more>-.*)?");

    static Optional<TraceParent> parse(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = VALID.matcher(header);
        boolean valid = matcher.matches() && (matcher.group("more") == null || !header.startsWith("00-"));
        return valid ? Optional.of(new TraceParent(header, matcher.group("traceId"))) : Optional.empty();
    }
}
