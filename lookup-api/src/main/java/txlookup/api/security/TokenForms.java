package txlookup.api.security;

import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.jwt.Jwt;
import txlookup.api.auth.Caller;
import txlookup.api.config.Authentication;

/** What issuers write in tokens: two forms of one issuer, roles in two claims, and what tells an ID token from an access token. */
final class TokenForms {
    private static final Pattern ENTRA_V2 =
            Pattern.compile("https://login\\.microsoftonline\\.com/([0-9a-f-]{36})/v2\\.0/?");
    private static final Pattern ENTRA_V1 = Pattern.compile("https://sts\\.windows\\.net/([0-9a-f-]{36})/?");
    private static final String APPLICATION = "api://";
    private static final List<String> ONLY_IN_ID_TOKENS = List.of("nonce", "at_hash", "c_hash", "s_hash");
    private static final List<String> CLIENT_OF_ACCESS_TOKEN = List.of("azp", "appid", "client_id");

    private TokenForms() {}

    /** Entra ID signs tokens of version 1 and 2 with the same keys, and names itself in two ways. */
    static Set<String> issuers(URI issuer) {
        String text = issuer.toString();
        for (Pattern form : List.of(ENTRA_V1, ENTRA_V2)) {
            Matcher tenant = form.matcher(text);
            if (tenant.matches()) {
                return Set.of(
                        "https://login.microsoftonline.com/" + tenant.group(1) + "/v2.0",
                        "https://sts.windows.net/" + tenant.group(1) + "/");
            }
        }
        return Set.of(text);
    }

    /** With version 1 the audience is the application's URI, with version 2 its id. */
    static Set<String> audiences(Authentication.Oidc oidc) {
        String audience = oidc.audience();
        String bare = audience.startsWith(APPLICATION) ? audience.substring(APPLICATION.length()) : audience;
        boolean isId = bare.matches("[0-9a-f-]{36}");
        return issuers(oidc.issuer()).size() > 1 && isId ? Set.of(bare, APPLICATION + bare) : Set.of(audience);
    }

    /** The claim {@code oid}, else {@code sub}; empty where neither names anybody. */
    static Optional<String> actor(ClaimAccessor claims) {
        @Nullable Object oid = claims.getClaim("oid");
        @Nullable Object named = oid == null || oid.equals("") ? claims.getClaim("sub") : oid;
        return Optional.ofNullable(named)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(actor -> !actor.isBlank());
    }

    /** The name of the claim that names the actor. */
    static String actorClaim(ClaimAccessor claims) {
        return claims.getClaim("oid") instanceof String oid && !oid.isBlank() ? "oid" : "sub";
    }

    /** The claim {@code roles}; a delegated scope gives {@code ADMIN_READ} at most, since any user may consent to one. */
    static List<GrantedAuthority> roles(ClaimAccessor claims) {
        Set<String> roles = new LinkedHashSet<>(words(claims.getClaim("roles")));
        if (words(claims.getClaim("scp")).contains(Caller.READ)) {
            roles.add(Caller.READ);
        }
        return AuthorityUtils.createAuthorityList(roles);
    }

    /** An ID token says who signed in to a client. It gives nobody the right to ask here. */
    static boolean isIdToken(Jwt token, Optional<String> ownClient) {
        if (ONLY_IN_ID_TOKENS.stream().anyMatch(token::hasClaim) || "ID".equals(token.getClaim("typ"))) {
            return true;
        }
        boolean forOwnClient = ownClient.isPresent()
                && token.getAudience() != null
                && token.getAudience().contains(ownClient.get());
        boolean saysAccess = CLIENT_OF_ACCESS_TOKEN.stream().anyMatch(token::hasClaim)
                || String.valueOf(token.getHeaders().get("typ")).equalsIgnoreCase("at+jwt");
        return forOwnClient && !saysAccess;
    }

    /** A list, or words in one text. */
    private static List<String> words(@Nullable Object claim) {
        Stream<?> parts = claim instanceof Collection<?> list ? list.stream() : Stream.ofNullable(claim);
        return parts.filter(String.class::isInstance)
                .flatMap(text -> Arrays.stream(((String) text).split("\\s+")))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
