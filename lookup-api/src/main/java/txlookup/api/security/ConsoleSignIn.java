package txlookup.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import txlookup.api.auth.SignInAddress;
import txlookup.api.config.Authentication.SignIn;
import txlookup.api.web.ProblemException;

/** People sign in at the issuer, are led back to the page that they asked for, and sign out at the issuer too. */
final class ConsoleSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSignIn.class);
    private static final String RETURN = "/signed-in/*";
    private static final String SIGN_OUT = "/sign-out";
    private static final String SIGNED_OUT = "/signed-out";

    private final SignIn settings;
    private final ClientRegistrationRepository issuer;
    private final SignInRequests requests;
    private final FindByIndexNameSessionRepository<? extends Session> sessions;
    private final FilterFailures failures;
    private final SignInAudit audit;

    ConsoleSignIn(
            SignIn settings,
            ClientRegistrationRepository issuer,
            SignInRequests requests,
            FindByIndexNameSessionRepository<? extends Session> sessions,
            FilterFailures failures,
            SignInAudit audit) {
        this.audit = audit;
        this.settings = settings;
        this.issuer = issuer;
        this.requests = requests;
        this.sessions = sessions;
        this.failures = failures;
    }

    void addTo(HttpSecurity http) {
        http.addFilterBefore(new LongestSession(settings.longest()), SecurityContextHolderFilter.class);
        http.oauth2Login(login -> login.clientRegistrationRepository(issuer)
                .authorizedClientRepository(new NoKeptTokens())
                .loginPage(SignInAddress.START)
                .authorizationEndpoint(
                        start -> start.baseUri(SignInAddress.START).authorizationRequestResolver(requests))
                .redirectionEndpoint(back -> back.baseUri(RETURN))
                .userInfoEndpoint(user -> user.oidcUserService(people()))
                .successHandler(this::welcome)
                .failureHandler(this::refuse));
        OidcClientInitiatedLogoutSuccessHandler atTheIssuer = new OidcClientInitiatedLogoutSuccessHandler(issuer);
        atTheIssuer.setPostLogoutRedirectUri("{baseUrl}" + SIGNED_OUT);
        atTheIssuer.setDefaultTargetUrl(SIGNED_OUT);
        http.logout(logout -> logout.logoutUrl(SIGN_OUT)
                .addLogoutHandler((request, response, person) -> endSessions(person, request))
                .logoutSuccessHandler(atTheIssuer));
    }

    /** An ID token alone says who it is and what they may: nothing more is asked. */
    private static OidcUserService people() {
        OidcUserService people = new OidcUserService();
        people.setRetrieveUserInfo(request -> false);
        people.setOidcUserConverter(source -> {
            OidcIdToken token = source.getUserRequest().getIdToken();
            return new DefaultOidcUser(TokenForms.roles(token), token, TokenForms.actorClaim(token));
        });
        return people;
    }

    private void welcome(HttpServletRequest request, HttpServletResponse response, Authentication person)
            throws IOException {
        HttpSession session = request.getSession();
        try {
            audit.signedIn(person, request);
        } catch (ProblemException e) {
            session.invalidate(); // nobody is signed in of whom the audit does not know
            throw e;
        }
        session.setMaxInactiveInterval(Math.toIntExact(settings.idle().toSeconds()));
        LOG.info("{} signed in", person.getName().replaceAll("\\p{Cntrl}", " "));
        response.sendRedirect(SignInRequests.takePageOf(session));
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure) {
        LOG.warn("A sign-in failed: {}", failure.toString().replaceAll("\\p{Cntrl}", " "));
        ProblemException answer =
                new ProblemException(HttpStatus.UNAUTHORIZED, "the sign-in did not succeed; try again", Map.of());
        try {
            audit.refused(failure, request);
        } catch (ProblemException unaudited) {
            answer = unaudited;
        }
        failures.answer(request, response, answer);
    }

    /** In every browser, not only in this one. */
    private void endSessions(Authentication person, HttpServletRequest request) {
        if (person != null) {
            audit.signedOut(person, request);
            sessions.findByPrincipalName(person.getName()).keySet().forEach(sessions::deleteById);
        }
    }
}
