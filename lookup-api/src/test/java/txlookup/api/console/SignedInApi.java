package txlookup.api.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.issuer.IssuerProgram;

/** An API process that people sign in to: store, login, port, issuer and the seconds that a sign-in is fresh. */
final class SignedInApi {
    private SignedInApi() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Authentication.SignIn signIn = new Authentication.SignIn(
                IssuerProgram.CLIENT,
                Optional.empty(),
                Duration.ofMinutes(30),
                Duration.ofHours(8),
                Duration.ofSeconds(Long.parseLong(arguments[4])));
        LookupApi api = LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", Integer.parseInt(arguments[2])),
                LookupApiSettings.Database.at(arguments[0], arguments[1], Optional.of(input.readLine())),
                new Authentication.Oidc(
                        URI.create(arguments[3]),
                        IssuerProgram.AUDIENCE,
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        Optional.of(signIn)),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.of("a secret of at least 32 characters")));
        Runtime.getRuntime().addShutdownHook(new Thread(api::close, "stop"));
    }
}
