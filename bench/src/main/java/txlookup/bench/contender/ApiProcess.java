package txlookup.bench.contender;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.bench.servers.BenchIssuer;
import txlookup.bench.servers.ParentWatchdog;
import txlookup.bench.servers.Servers;

/** The lookup API in a process of its own, started like the launcher starts it. */
public record ApiProcess(Process process, int port) implements AutoCloseable {
    private static final String LISTENING = "port ";

    private static final String SERVE = """
            UPDATE bo.generation SET state = 'READY';
            UPDATE bo.serving SET generation = (SELECT generation FROM bo.generation), epoch = epoch + 1""";

    /** Lets the store's generation serve, and starts what answers from it. */
    public static ApiProcess start(Servers servers, String url) throws Exception {
        return start(servers.folder().resolve("api.log"), url);
    }

    /** As above, of a store on whatever server; what the process says goes to {@code log}. */
    public static ApiProcess start(Path log, String url) throws Exception {
        return start(log, List.of(url));
    }

    /** As {@link #start}, with tokens of an issuer, sign-in, limits and a proxy on this machine before it. */
    public static ApiProcess startGuarded(Servers servers, String url, BenchIssuer issuer) throws Exception {
        return start(servers.folder().resolve("api.log"), List.of(url, issuer.address()));
    }

    private static ApiProcess start(Path log, List<String> arguments) throws Exception {
        String url = arguments.get(0);
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(SERVE);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1"));
        Optional.ofNullable(System.getProperty("txlookup.bench.api.option")).ifPresent(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ApiProcess.class.getName()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        var out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith(LISTENING)) { // what it logs comes the same way
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the API ended with " + process.waitFor());
        }
        Thread reading = new Thread(() -> out.lines().forEach(logged -> {}), "api-output");
        reading.setDaemon(true);
        reading.start();
        return new ApiProcess(process, Integer.parseInt(line.substring(LISTENING.length())));
    }

    public static void main(String[] arguments) throws InterruptedException {
        ParentWatchdog.toTheBench();
        boolean guarded = arguments.length > 1;
        LookupApiSettings.Http http = LookupApiSettings.Http.on("127.0.0.1", 0);
        LookupApi api = LookupApi.start(new LookupApiSettings(
                "local",
                guarded ? http.behind(List.of("127.0.0.1")) : http,
                LookupApiSettings.Database.at(arguments[0], "bench", Optional.of("bench")),
                guarded ? tokens(arguments[1]) : new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                guarded ? new LookupApiSettings.Limits(100, 200) : LookupApiSettings.Limits.NONE,
                Optional.empty()));
        System.out.println(LISTENING + api.port());
        new CountDownLatch(1).await();
    }

    private static Authentication tokens(String issuer) {
        return new Authentication.Oidc(
                URI.create(issuer),
                BenchIssuer.AUDIENCE,
                Optional.of(URI.create(issuer + BenchIssuer.KEYS)),
                Duration.ofSeconds(60),
                Optional.of(new Authentication.SignIn(
                        "console",
                        Optional.empty(),
                        Duration.ofMinutes(30),
                        Duration.ofHours(8),
                        Duration.ofMinutes(5))));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
