package txlookup.azure.login;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a workflow of GitHub says of itself to Azure: a new assertion at each question, because each ends after minutes. */
final class GitHubAssertion implements Supplier<String> {
    private static final String URL = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private static final String TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
    private static final String AUDIENCE = "&audience=api://AzureADTokenExchange";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI address;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private GitHubAssertion(URI address, String token) {
        this.address = address;
        this.token = token;
    }

    /** Empty where this is no workflow that may ask for one and names its application and tenant. */
    static Optional<GitHubAssertion> of(Map<String, String> environment) {
        boolean all = Stream.of(URL, TOKEN, "AZURE_CLIENT_ID", "AZURE_TENANT_ID")
                .noneMatch(name -> environment.getOrDefault(name, "").isBlank());
        return all
                ? Optional.of(new GitHubAssertion(URI.create(environment.get(URL) + AUDIENCE), environment.get(TOKEN)))
                : Optional.empty();
    }

    @Override
    public String get() {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            String assertion = response.statusCode() == 200
                    ? JsonMapper.shared()
                            .readTree(response.body())
                            .path("value")
                            .asString("")
                    : "";
            if (assertion.isEmpty()) {
                throw new IllegalStateException(
                        "GitHub gave no assertion for Azure, it answered %d; give the workflow's job the permission id-token: write"
                                .formatted(response.statusCode()));
            }
            return assertion;
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException("GitHub gave no assertion for Azure: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while GitHub was asked for an assertion", e);
        }
    }
}
