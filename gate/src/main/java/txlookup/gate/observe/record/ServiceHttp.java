package txlookup.gate.observe.record;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks services over HTTP, as the actor {@value #ACTOR}, or with a token where there is one. */
public final class ServiceHttp {
    static final String ACTOR = "slo-gate";
    private static final String ROLES = "ADMIN_READ,ADMIN_OPERATE";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient client;
    private final Supplier<Optional<String>> token;
    private final Optional<Long> generation;

    /** @param token a bearer token for lookups, asked for at each; empty where the API takes none */
    public ServiceHttp(Supplier<Optional<String>> token) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .build(),
                token,
                Optional.empty());
    }

    private ServiceHttp(HttpClient client, Supplier<Optional<String>> token, Optional<Long> generation) {
        this.client = client;
        this.token = token;
        this.generation = generation;
    }

    /**
     * The same, with lookups in that generation whether it serves or not. The token has to have the role ADMIN_OPERATE; an API
     * without login believes the roles that are sent.
     */
    public ServiceHttp inGeneration(long number) {
        return new ServiceHttp(client, token, Optional.of(number));
    }

    public record Answer(int status, String body) {}

    public Answer get(URI address) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request(address, PATIENCE), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    public HttpRequest request(URI address, Duration patience) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(patience).header("X-Actor-Id", ACTOR);
        generation.ifPresent(
                number -> request.header("X-Generation", Long.toString(number)).header("X-Actor-Roles", ROLES));
        token.get().ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request.build();
    }

    public HttpClient client() {
        return client;
    }

    /** Some failures of the client have no message, only a type. */
    public static String said(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
