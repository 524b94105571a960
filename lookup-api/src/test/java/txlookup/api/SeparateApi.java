package txlookup.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;

/** The API as a process of its own. It reads the password from its input and says its port. */
public final class SeparateApi {
    private static final String PORT = "port ";

    private SeparateApi() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // As long a query as the test may hold it up.
        LookupApiSettings.Database database = new LookupApiSettings.Database(
                arguments[0],
                arguments[1],
                Optional.of(input.readLine()),
                2,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
        LookupApi api = LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                database,
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()));
        Runtime.getRuntime().addShutdownHook(new Thread(api::close, "stop"));
        System.out.println(PORT + api.port());
    }

    public static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT)) {
                return Integer.parseInt(line.substring(PORT.length()));
            }
        }
        throw new IllegalStateException("the process ended before it had started");
    }
}
