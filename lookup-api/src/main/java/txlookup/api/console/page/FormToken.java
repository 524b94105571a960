package txlookup.api.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import txlookup.api.auth.Caller;
import txlookup.api.auth.DeniedException;

/**
 * Tells a form of this console from one of another site: the form repeats what a cookie holds, which no other site can read,
 * and which a browser does not send along from one (SameSite=Strict).
 */
public final class FormToken {
    static final String NAME = "form_token";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final SecureRandom random = new SecureRandom();

    /** The browser's token; a new one is set as a cookie where it has none. */
    String of(HttpServletRequest request, HttpServletResponse response) {
        return sent(request).orElseGet(() -> {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            response.addHeader(
                    HttpHeaders.SET_COOKIE,
                    ResponseCookie.from(NAME, token)
                            .path("/")
                            .httpOnly(true)
                            .secure(request.isSecure())
                            .sameSite("Strict")
                            .build()
                            .toString());
            return token;
        });
    }

    /** @throws DeniedException 403 when the form is not from a page of this console */
    public void require(HttpServletRequest request, Caller caller) {
        String site = request.getHeader("Sec-Fetch-Site");
        String repeated = request.getParameter(NAME);
        boolean same = repeated != null
                && sent(request)
                        .filter(token -> MessageDigest.isEqual(token.getBytes(UTF_8), repeated.getBytes(UTF_8)))
                        .isPresent();
        if (!same || (site != null && !site.equals("same-origin"))) {
            throw DeniedException.refused(
                    caller, "the form's token is missing or not this browser's; load its page again");
        }
    }

    private static Optional<String> sent(HttpServletRequest request) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(NAME))
                .map(Cookie::getValue)
                .filter(token -> FORM.matcher(token).matches())
                .findFirst();
    }
}
