package txlookup.cli.service;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import txlookup.api.LookupApi;
import txlookup.api.config.ApiTelemetry;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.azure.login.DatabaseAccess;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.gate.model.SloFile;
import txlookup.migrations.MigrationException;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.AuthMode;
import txlookup.profiles.settings.AuthSettings;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.profiles.settings.SignInSettings;

@Command(
        name = "serve",
        description = "Answers lookups until it is stopped (SIGTERM, Ctrl-C), also while the store is away (503).",
        footer = {"", "Example:", "  txlookup serve --set api.port=8090"})
public final class ServeCommand implements Callable<Integer> {
    private static final long LONGEST_CHECK_MILLIS = 3_000;

    @ParentCommand
    private Program main;

    @Override
    public Integer call() throws InterruptedException {
        Profile profile = main.profile().load();
        LogFormat.ofService(profile.stage()).use();
        profile.requireReadyToServe();
        requireReadable(profile, main.profile().secrets(profile));
        Telemetry telemetry = Telemetry.start("txlookup-api", true, profile, System.getenv());
        LookupApi api = LookupApi.start(
                settings(profile, main.profile().secrets(profile)),
                new ApiTelemetry(telemetry.traces(), telemetry.exported()));
        Thread stop = new Thread(
                () -> {
                    api.close(profile.api().shutdownNotice());
                    telemetry.close();
                },
                "stop-api");
        Runtime.getRuntime().addShutdownHook(stop);
        // This thread only keeps the process.
        new CountDownLatch(1).await();
        return ExitCode.DONE;
    }

    /** Ends this process where the schema was contracted beyond this build; a store that is away is not waited for. */
    private static void requireReadable(Profile profile, SecretSource secrets) throws InterruptedException {
        Thread check = new Thread(
                () -> {
                    try (HikariDataSource store = StoreAccess.control(DatabaseRole.READER, profile, secrets)) {
                        Migrations.ofControl(store).requireReadable();
                    } catch (MigrationException e) {
                        System.err.println("txlookup serve: " + e.getMessage());
                        System.exit(ExitCode.FAILED);
                    }
                },
                "schema");
        check.setDaemon(true);
        check.start();
        check.join(LONGEST_CHECK_MILLIS);
    }

    private static LookupApiSettings settings(Profile profile, SecretSource secrets) {
        LookupApiSettings.Database database = new LookupApiSettings.Database(
                        DatabaseAccess.jdbcUrl(profile.database()),
                        profile.database().user(),
                        StoreAccess.password(profile, secrets),
                        profile.database().poolSize(),
                        profile.api().limits().queryTimeout(),
                        profile.api().limits().queryTimeout())
                .readFrom(profile.database().readJdbcUrl().map(url -> DatabaseAccess.jdbcUrl(url, profile.database())));
        return new LookupApiSettings(
                profile.stage().yamlName(),
                LookupApiSettings.Http.on(
                                profile.api().bindAddress(), profile.api().port())
                        .behind(profile.api().trustedProxies()),
                database,
                authentication(profile.api().auth(), secrets),
                LookupApiSettings.Audit.DEFAULT,
                new LookupApiSettings.Limits(
                        profile.api().limits().requestsPerSecond(),
                        profile.api().limits().burst()),
                SloFile.ofStage(profile.stage().yamlName()).staleAfter(),
                profile.serving(),
                profile.api().maskPersonal(),
                profile.api().discardByTwo(),
                secret(profile.api().cursorSecretVariable(), secrets));
    }

    private static Optional<String> secret(Optional<String> variable, SecretSource secrets) {
        return variable.map(name -> secrets.require(List.of(name)).get(name).reveal());
    }

    private static Authentication authentication(AuthSettings auth, SecretSource secrets) {
        if (auth.mode() == AuthMode.DISABLED) {
            return new Authentication.Disabled();
        }
        return new Authentication.Oidc(
                auth.issuer().orElseThrow(),
                auth.audience().orElseThrow(),
                auth.jwksUri(),
                auth.clockSkew(),
                signIn(auth.signIn(), secrets));
    }

    private static Optional<Authentication.SignIn> signIn(SignInSettings how, SecretSource secrets) {
        return how.clientId()
                .map(client -> new Authentication.SignIn(
                        client, secret(how.clientSecretVariable(), secrets), how.idle(), how.longest(), how.fresh()));
    }
}
