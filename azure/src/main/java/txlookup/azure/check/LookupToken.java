package txlookup.azure.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the token that smoke test and gate look up with is one that the API takes. The token itself is never shown. */
public final class LookupToken {
    private static final String WHAT = "token for lookups";
    private static final List<String> ROLES = List.of("ADMIN_READ", "ADMIN_OPERATE");

    private LookupToken() {}

    /** @param token asked for once; empty where the API takes none */
    public static Finding check(Supplier<Optional<String>> token, String issuer, String audience) {
        Optional<String> given;
        try {
            given = token.get();
        } catch (RuntimeException e) {
            return Finding.missing(
                    WHAT, String.valueOf(e.getMessage()), "register the API and log in (azure/FIRST-RUN.md)");
        }
        if (given.isEmpty()) {
            return Finding.holds(WHAT, "the API takes none");
        }
        try {
            return judge(claims(given.get()), issuer, audience);
        } catch (JacksonException | IllegalArgumentException e) {
            return Finding.missing(WHAT, "text that is no JWT", "see what TXLOOKUP_GATE_TOKEN holds");
        }
    }

    private static JsonNode claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length < 2) {
            throw new IllegalArgumentException("no JWT");
        }
        return JsonMapper.shared()
                .readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    }

    private static Finding judge(JsonNode claims, String issuer, String audience) {
        List<String> wrong = new ArrayList<>();
        if (!claims.path("iss").asString("").equals(issuer)) {
            wrong.add("iss is %s and api.auth.issuer is %s"
                    .formatted(claims.path("iss").asString(""), issuer));
        }
        if (!claims.path("aud").asString("").equals(audience)) {
            wrong.add("aud is %s and api.auth.audience is %s"
                    .formatted(claims.path("aud").asString(""), audience));
        }
        List<String> roles = claims.path("roles")
                .valueStream()
                .map(role -> role.asString(""))
                .toList();
        ROLES.stream()
                .filter(role -> !roles.contains(role))
                .forEach(role -> wrong.add("role %s is not in it".formatted(role)));
        return wrong.isEmpty()
                ? Finding.holds(WHAT, "issuer, audience and roles are right")
                : Finding.missing(
                        WHAT,
                        String.join("; ", wrong),
                        "set requestedAccessTokenVersion to 2, assign the roles, and set issuer and audience as the token has them");
    }
}
