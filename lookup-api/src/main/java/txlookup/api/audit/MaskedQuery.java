package txlookup.api.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query string as the audit may keep it: as sent, but with the values of secret-like parameters masked. */
public final class MaskedQuery {
    private static final Pattern SECRET_LIKE =
            Pattern.compile("token|password|passwd|secret|key|authorization|signature|credential");

    private MaskedQuery() {}

    public static @Nullable String of(@Nullable String query) {
        if (query == null) {
            return null;
        }
        return Arrays.stream(query.split("&", -1)).map(MaskedQuery::masked).collect(Collectors.joining("&"));
    }

    private static String masked(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        return equals >= 0 && SECRET_LIKE.matcher(decoded(name)).find() ? name + "=***" : parameter;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return name.toLowerCase(Locale.ROOT); // not percent-encoding; the name as it stands is all there is
        }
    }
}
