package txlookup.api.security;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.support.TransactionTemplate;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.auth.RequestRate;
import txlookup.api.auth.SignInAddress;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;

/** How people sign in, where they do. Sessions are in the store, so that any process serves any request. */
@Configuration(proxyBeanMethods = false)
public class SignInBeans {
    private static final Duration ENOUGH_TO_SIGN_IN = Duration.ofMinutes(10);
    private static final String LOCAL = "local";

    /** Made by Spring alone. */
    public SignInBeans() {}

    @Bean
    JdbcIndexedSessionRepository sessions(@Qualifier("controlConnections") HikariDataSource database) {
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        JdbcIndexedSessionRepository sessions =
                new JdbcIndexedSessionRepository(new JdbcTemplate(database), transactions);
        sessions.setTableName("bo.session");
        new PostgreSqlJdbcIndexedSessionRepositoryCustomizer().customize(sessions);
        sessions.setConversionService(SessionJson.conversion());
        sessions.setDefaultMaxInactiveInterval(ENOUGH_TO_SIGN_IN); // until somebody has signed in
        return sessions;
    }

    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<?>> sessionFilter(
            JdbcIndexedSessionRepository sessions, LookupApiSettings settings) {
        boolean local = settings.stage().equals(LOCAL);
        DefaultCookieSerializer cookie = new DefaultCookieSerializer();
        // A browser takes the prefix over https only, and then from this very host only.
        cookie.setCookieName(local ? "session" : "__Host-session");
        cookie.setUseSecureCookie(!local);
        cookie.setSameSite("Lax");
        CookieHttpSessionIdResolver ids = new CookieHttpSessionIdResolver();
        ids.setCookieSerializer(cookie);
        SessionRepositoryFilter<?> filter = new SessionRepositoryFilter<>(sessions);
        filter.setHttpSessionIdResolver(ids);
        FilterRegistrationBean<SessionRepositoryFilter<?>> registered = new FilterRegistrationBean<>(filter);
        registered.setOrder(SecurityBeans.SESSIONS);
        return registered;
    }

    /** The issuer is asked when somebody first signs in, so that the API can start while it is away. */
    @Bean
    ClientRegistrationRepository issuer(LookupApiSettings settings) {
        Authentication.Oidc oidc = (Authentication.Oidc) settings.authentication();
        return new SupplierClientRegistrationRepository(() -> new InMemoryClientRegistrationRepository(
                client(oidc, oidc.signIn().orElseThrow())));
    }

    private static ClientRegistration client(Authentication.Oidc oidc, Authentication.SignIn signIn) {
        return ClientRegistrations.fromIssuerLocation(oidc.issuer().toString())
                .registrationId(SignInAddress.CLIENT)
                .clientId(signIn.clientId())
                .clientSecret(signIn.clientSecret().orElse(""))
                .clientAuthenticationMethod(
                        signIn.clientSecret().isPresent()
                                ? ClientAuthenticationMethod.CLIENT_SECRET_BASIC
                                : ClientAuthenticationMethod.NONE)
                .redirectUri("{baseUrl}/signed-in/{registrationId}")
                .scope("openid", "profile")
                .build();
    }

    @Bean
    ConsoleSignIn consoleSignIn(
            LookupApiSettings settings,
            ClientRegistrationRepository issuer,
            RequestRate rate,
            JdbcIndexedSessionRepository sessions,
            FilterFailures failures,
            SignInAudit audit) {
        return new ConsoleSignIn(
                settings.authentication().signIn().orElseThrow(),
                issuer,
                new SignInRequests(issuer, rate),
                sessions,
                failures,
                audit);
    }

    @Bean
    SignInAudit signInAudit(AuditWriter audit, DeniedRequests denials, Clock clock) {
        return new SignInAudit(audit, denials, clock);
    }
}
