package txlookup.issuer;

import jakarta.servlet.Filter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import txlookup.issuer.LocalIssuer.Place;

/** What the issuer is made of. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSecurity
class IssuerBeans {
    /** The roles of each person; the password is the name. */
    private static final Map<String, List<String>> PEOPLE = Map.of(
            "reader", List.of("ADMIN_READ"),
            "auditor", List.of("ADMIN_AUDIT"),
            "operator", List.of("ADMIN_READ", "ADMIN_OPERATE"));

    private static final String LOGIN = "/login";
    private static final String[] FOR_ANYONE = {"/ready", "/rotate"};

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http) {
        OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
        return http.securityMatcher(server.getEndpointsMatcher())
                .with(server, protocol -> protocol.oidc(Customizer.withDefaults()))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint(LOGIN)))
                .addFilterAfter(new FreshSignIn(), SecurityContextHolderFilter.class)
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(FOR_ANYONE)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .csrf(csrf -> csrf.ignoringRequestMatchers("/rotate"))
                .formLogin(Customizer.withDefaults())
                .build();
    }

    @Bean
    FilterRegistrationBean<Filter> securityFilter(@Qualifier("springSecurityFilterChain") Filter chain) {
        return new FilterRegistrationBean<>(chain);
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(PEOPLE.entrySet().stream()
                .map(person -> User.withUsername(person.getKey())
                        .password("{noop}" + person.getKey())
                        .authorities(person.getValue().toArray(String[]::new))
                        .build())
                .toList());
    }

    @Bean
    AuthorizationServerSettings issuerSettings(Place place) {
        return AuthorizationServerSettings.builder().issuer(place.issuer()).build();
    }

    /** A public client, as a console without a secret is: the code is bound to its browser by PKCE. */
    @Bean
    RegisteredClientRepository clients(Place place) {
        return new InMemoryRegisteredClientRepository(RegisteredClient.withId("console")
                .clientId("txlookup-console")
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUris(uris -> place.consoles().forEach(console -> uris.add(console + "/signed-in/console")))
                .postLogoutRedirectUris(uris -> place.consoles().forEach(console -> uris.add(console + "/signed-out")))
                .scope("openid")
                .scope("profile")
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(Duration.ofMinutes(10))
                        .build())
                .build());
    }

    @Bean
    RotatingKeys keys() {
        return new RotatingKeys();
    }

    @Bean
    JwtDecoder ownTokens(RotatingKeys keys) {
        return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    /** As Entra ID does it: an object id, a name, application roles, and when the person last gave the password. */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims() {
        return context -> {
            String person = context.getPrincipal().getName();
            context.getClaims()
                    .claim("oid", "oid-of-" + person)
                    .claim("preferred_username", person)
                    .claim("roles", PEOPLE.getOrDefault(person, List.of()));
            context.getPrincipal().getAuthorities().stream()
                    .filter(FactorGrantedAuthority.class::isInstance)
                    .map(factor -> ((FactorGrantedAuthority) factor).getIssuedAt())
                    .findFirst()
                    .ifPresent(at -> context.getClaims().claim("auth_time", at.getEpochSecond()));
        };
    }

    @Bean
    IssuerController issuerController(RotatingKeys keys) {
        return new IssuerController(keys);
    }
}
