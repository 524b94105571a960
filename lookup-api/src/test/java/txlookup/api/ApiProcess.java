package txlookup.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The API as a process of its own. It reads the password from its input and says its port. */
final class ApiProcess {
    private static final String PORT = "port ";

    private ApiProcess() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // As long a query as the test may hold it up.
        ApiSettings.Database database = new ApiSettings.Database(
                arguments[0],
                arguments[1],
                Optional.of(input.readLine()),
                2,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
        LookupApi api = LookupApi.start(new ApiSettings(
                "local",
                ApiSettings.Http.on("127.0.0.1", 0),
                database,
                new Authentication.Disabled(),
                ApiSettings.Audit.DEFAULT,
                ApiSettings.Limits.NONE,
                Optional.empty()));
        Runtime.getRuntime().addShutdownHook(new Thread(api::close, "stop"));
        System.out.println(PORT + api.port());
    }

    static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT)) {
                return Integer.parseInt(line.substring(PORT.length()));
            }
        }
        throw new IllegalStateException("the process ended before it had started");
    }
}
