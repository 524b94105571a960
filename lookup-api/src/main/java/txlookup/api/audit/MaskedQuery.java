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

    // Payment cards have 13 to 19 digits, the last one a check digit.
    private static final Pattern CARD_LIKE =
            Pattern.compile("(?<![0-9])[0-9](?:(?:[ -]|%20|\\+)?[0-9]){12,18}(?![0-9])");
    private static final int SHOWN_DIGITS = 4;

    private MaskedQuery() {}

    /** What somebody typed into the search box, with all but the last digits of a card's number masked. */
    public static String withoutCards(String typed) {
        return CARD_LIKE.matcher(typed).replaceAll(found -> {
            String digits = found.group().replaceAll("%20|[^0-9]", "");
            return isCard(digits) ? "***" + digits.substring(digits.length() - SHOWN_DIGITS) : found.group();
        });
    }

    /** ISO/IEC 7812: doubled every second digit from the right, their digits add up to a multiple of ten. */
    private static boolean isCard(String digits) {
        int sum = 0;
        for (int at = 0; at < digits.length(); at++) {
            int digit = digits.charAt(digits.length() - 1 - at) - '0';
            int weighed = at % 2 == 0 ? digit : 2 * digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }

    public static @Nullable String of(@Nullable String query) {
        if (query == null) {
            return null;
        }
        return Arrays.stream(query.split("&", -1)).map(MaskedQuery::masked).collect(Collectors.joining("&"));
    }

    private static String masked(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        if (equals >= 0 && SECRET_LIKE.matcher(decoded(name)).find()) {
            return name + "=***";
        }
        return name.equals("q") ? withoutCards(parameter) : parameter;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return name.toLowerCase(Locale.ROOT); // not percent-encoding; the name as it stands is all there is
        }
    }
}
