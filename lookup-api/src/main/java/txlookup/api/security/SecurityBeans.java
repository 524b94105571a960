package txlookup.api.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import txlookup.api.auth.Caller;
import txlookup.api.auth.Callers;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.lookup.AuditedRequests;

/**
 * Who asks, in two filter chains: programs name themselves with each request, people have a session. Whether they may is
 * decided where it is audited, by {@link Callers}.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
public class SecurityBeans {
    /** The form's field, and its cookie where there are no sessions. */
    public static final String FORM_TOKEN = "form_token";

    /** The order of the filter that measures and frames all others. */
    public static final int FRAME = -500;

    private static final int FIRST = -400;
    private static final int BEFORE_SESSIONS = -300;
    static final int SESSIONS = -200;
    private static final int AFTER_SESSIONS = -100;

    private static final Set<String> FOR_ANYONE = Set.of("/health", "/ready", "/metrics", "/openapi.yaml");

    /** Made by Spring alone. */
    public SecurityBeans() {}

    @Bean
    Callers callers(LookupApiSettings settings, Clock clock) {
        return new Callers(settings.authentication(), clock);
    }

    @Bean
    HttpFirewall httpFirewall(LookupApiSettings settings) {
        return new LoopbackFirewall(settings.authentication() instanceof Authentication.Disabled);
    }

    @Bean
    FilterRegistrationBean<Filter> securityFilter(@Qualifier("springSecurityFilterChain") Filter chain) {
        return ordered(chain, AFTER_SESSIONS);
    }

    @Bean
    FilterFailures filterFailures(
            ObjectProvider<HandlerExceptionResolver> resolvers, ObjectProvider<AuditedRequests> desk) {
        return new FilterFailures(resolvers, desk);
    }

    @Bean
    FilterRegistrationBean<FilterFailures> filterFailuresFirst(FilterFailures failures) {
        return ordered(failures, BEFORE_SESSIONS);
    }

    @Bean
    FilterRegistrationBean<HeaderWriterFilter> pageHeaders(LookupApiSettings settings) {
        return ordered(new HeaderWriterFilter(List.of(new PageHeaders(settings.authentication()))), FIRST);
    }

    private static <T extends Filter> FilterRegistrationBean<T> ordered(T filter, int order) {
        FilterRegistrationBean<T> registered = new FilterRegistrationBean<>(filter);
        registered.setOrder(order);
        registered.setDispatcherTypes(DispatcherType.REQUEST);
        return registered;
    }

    /** Null where nobody sends tokens. */
    @Bean
    @Nullable
    IssuerKeys issuerKeys(LookupApiSettings settings) {
        return settings.authentication() instanceof Authentication.Oidc oidc ? new IssuerKeys(oidc) : null;
    }

    @Bean
    @Order(1)
    SecurityFilterChain programs(
            HttpSecurity http, LookupApiSettings settings, ObjectProvider<IssuerKeys> keys, Clock clock) {
        boolean tokensAreTaken = settings.authentication() instanceof Authentication.Oidc;
        bare(http)
                .securityMatcher(request -> isOfAProgram(request, tokensAreTaken))
                .csrf(AbstractHttpConfigurer::disable);
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        if (settings.authentication() instanceof Authentication.Oidc oidc) {
            AccessTokens tokens = new AccessTokens(oidc, keys.getObject(), clock);
            http.oauth2ResourceServer(server ->
                    server.bearerTokenResolver(AccessTokens::of).authenticationManagerResolver(request -> tokens));
        } else {
            http.addFilterBefore(new HeaderCallers(List.of()), CsrfFilter.class);
        }
        return http.build();
    }

    /** A browser names no actor and no roles: on one's own machine, where there is no authentication, it may do all. */
    @Bean
    @Order(2)
    SecurityFilterChain people(
            HttpSecurity http,
            LookupApiSettings settings,
            ObjectProvider<ConsoleSignIn> signIn,
            ObjectProvider<FilterFailures> failures) {
        bare(http).csrf(csrf -> tokens(csrf, signIn.getIfAvailable() != null));
        http.exceptionHandling(handling -> handling.accessDeniedHandler(
                (request, response, forged) -> failures.getObject().answerForgedForm(request, response)));
        if (settings.authentication() instanceof Authentication.Disabled) {
            http.addFilterBefore(
                    new HeaderCallers(List.of(Caller.READ, Caller.AUDIT, Caller.OPERATE)), CsrfFilter.class);
        }
        signIn.ifAvailable(how -> how.addTo(http));
        return http.build();
    }

    /** A form repeats a token that no other site can read: of the session, or of a cookie where there are none. */
    private static void tokens(CsrfConfigurer<HttpSecurity> csrf, boolean sessions) {
        if (sessions) {
            HttpSessionCsrfTokenRepository ofSession = new HttpSessionCsrfTokenRepository();
            ofSession.setParameterName(FORM_TOKEN);
            csrf.csrfTokenRepository(ofSession)
                    .csrfTokenRequestHandler(new SameOriginForms(new XorCsrfTokenRequestAttributeHandler()));
            return;
        }
        CookieCsrfTokenRepository cookies = new CookieCsrfTokenRepository();
        cookies.setCookieName(FORM_TOKEN);
        cookies.setParameterName(FORM_TOKEN);
        cookies.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        csrf.csrfTokenRepository(cookies)
                .csrfTokenRequestHandler(new SameOriginForms(new CsrfTokenRequestAttributeHandler()));
    }

    /** Without what this API does itself, or not at all. */
    private static HttpSecurity bare(HttpSecurity http) {
        return http.headers(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable);
    }

    private static boolean isOfAProgram(HttpServletRequest request, boolean tokensAreTaken) {
        String path = request.getRequestURI();
        return path.startsWith("/admin/")
                || path.startsWith("/internal/")
                || FOR_ANYONE.contains(path)
                || (tokensAreTaken && AccessTokens.of(request) != null);
    }
}
