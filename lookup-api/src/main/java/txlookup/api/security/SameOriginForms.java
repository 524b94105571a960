package txlookup.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;

/** Takes no form's token of which the browser itself says that another site sent it. */
record SameOriginForms(CsrfTokenRequestHandler tokens) implements CsrfTokenRequestHandler {
    private static final String SENT_BY = "Sec-Fetch-Site";

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
        tokens.handle(request, response, token);
    }

    @Override
    public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
        String site = request.getHeader(SENT_BY);
        return site == null || site.equals("same-origin") ? tokens.resolveCsrfTokenValue(request, token) : null;
    }
}
