package txlookup.cli.env;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.BearerToken;
import txlookup.azure.check.AdministratorPassword;
import txlookup.azure.check.Finding;
import txlookup.azure.check.LookupToken;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;

/** What the maker of an environment has to bring: secrets, and a token that may look up. */
final class OperatorCheck {
    private static final String TOKEN = "TXLOOKUP_GATE_TOKEN";

    private final Profile profile;
    private final URI arm;
    private final Map<String, String> environment;

    OperatorCheck(Profile profile, URI arm, Map<String, String> environment) {
        this.profile = profile;
        this.arm = arm;
        this.environment = environment;
    }

    List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        String password = profile.database().passwordVariable().orElseThrow();
        findings.add(given(password)
                .map(secret -> AdministratorPassword.refusal(
                                secret, profile.database().user())
                        .map(why -> new Finding("secret " + password, false, why, "choose another and export it"))
                        .orElse(new Finding("secret " + password, true, "as Azure wants it", "")))
                .orElse(new Finding("secret " + password, false, "not set", "export it; it is never an argument")));
        profile.api()
                .cursorSecretVariable()
                .ifPresent(name -> findings.add(
                        given(name).isPresent()
                                ? new Finding("secret " + name, true, "set", "")
                                : new Finding(
                                        "secret " + name, false, "not set", "export it; it is never an argument")));
        Optional<String> issuer = profile.api().auth().issuer().map(URI::toString);
        Optional<String> audience = profile.api().auth().audience();
        if (issuer.isEmpty() || audience.isEmpty()) {
            findings.add(new Finding(
                    "token for lookups",
                    false,
                    "api.auth.issuer or api.auth.audience is missing",
                    "register the API (azure/FIRST-RUN.md) and set both"));
        } else {
            findings.add(LookupToken.check(this::token, issuer.get(), audience.get()));
        }
        return findings;
    }

    private Optional<Secret> given(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Secret::new);
    }

    private Optional<String> token() {
        if (ArmClient.isThisMachine(arm)) {
            return Optional.empty();
        }
        return Optional.ofNullable(environment.get(TOKEN))
                .or(BearerToken.forAudience(profile.api().auth().audience().orElseThrow()));
    }
}
