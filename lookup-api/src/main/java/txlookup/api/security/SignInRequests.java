package txlookup.api.security;

import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import txlookup.api.auth.RequestRate;
import txlookup.api.auth.SignInAddress;
import txlookup.api.web.OwnPath;
import txlookup.api.web.ProblemException;

/**
 * Starts a sign-in, with PKCE. It remembers the page to lead back to, and asks for the person's credentials again where an act
 * takes that. Each start makes a session, so strangers may start only so many.
 */
final class SignInRequests implements OAuth2AuthorizationRequestResolver {
    private static final String PAGE = "page-after-sign-in";
    private static final int STARTS_A_SECOND = 20;
    private static final int STARTS_AT_ONCE = 200;

    private final OAuth2AuthorizationRequestResolver plain;
    private final RequestRate rate;
    private final Bucket starts = Bucket.builder()
            .addLimit(limit -> limit.capacity(STARTS_AT_ONCE).refillGreedy(STARTS_A_SECOND, Duration.ofSeconds(1)))
            .build();

    SignInRequests(ClientRegistrationRepository issuer, RequestRate rate) {
        DefaultOAuth2AuthorizationRequestResolver resolver =
                new DefaultOAuth2AuthorizationRequestResolver(issuer, SignInAddress.START);
        resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        this.plain = resolver;
        this.rate = rate;
    }

    /** The page that a sign-in was started from, once. */
    static String takePageOf(HttpSession session) {
        Object page = session.getAttribute(PAGE);
        session.removeAttribute(PAGE);
        return OwnPath.of(page instanceof String text ? text : null);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
        return request.getRequestURI().equals(SignInAddress.START + "/" + SignInAddress.CLIENT)
                ? resolve(request, SignInAddress.CLIENT)
                : null;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String client) {
        rate.admit(request.getRemoteAddr());
        if (!starts.tryConsume(1)) {
            throw ProblemException.unavailable("too many sign-ins start now", "sign-ins are over their rate");
        }
        OAuth2AuthorizationRequest started = known(request, client);
        if (started == null) {
            return null;
        }
        request.getSession().setAttribute(PAGE, OwnPath.of(request.getParameter(SignInAddress.BACK)));
        return request.getParameter(SignInAddress.FRESH) == null ? started : withCredentials(started);
    }

    private @Nullable OAuth2AuthorizationRequest known(HttpServletRequest request, String client) {
        try {
            return plain.resolve(request, client);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw ProblemException.unavailable("the issuer that people sign in at cannot be read now", e.toString());
        }
    }

    private static OAuth2AuthorizationRequest withCredentials(OAuth2AuthorizationRequest started) {
        return OAuth2AuthorizationRequest.from(started)
                .additionalParameters(more -> {
                    more.put("prompt", "login");
                    more.put("max_age", "0");
                })
                .build();
    }
}
