package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.Sleeper;

/** Jobs started and waited for. One that an earlier process started and that still runs is waited for, not doubled. */
final class ContainerJobs {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration TO_CHANGE = Duration.ofMinutes(10);
    private static final Duration LISTS_LAG = Duration.ofMinutes(1);
    private static final Set<String> RUNNING = Set.of("running", "processing", "unknown", "");

    private final ArmClient client;
    private final Sleeper waiting;
    private final String query;

    ContainerJobs(ArmClient client, Sleeper waiting, String apiVersion) {
        this.client = client;
        this.waiting = waiting;
        this.query = "api-version=" + apiVersion;
    }

    /**
     * Runs a job to its end.
     *
     * @throws ArmException when it fails, or does not end within the patience
     */
    String run(ArmId job, Duration patience) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(patience);
        String name = running(job);
        if (name.isEmpty()) {
            name = start(job, until);
        }
        while (true) {
            JsonNode execution = client.read(client.address(job + "/executions/" + name, query))
                    .body();
            String status = status(execution);
            if (status.equals("succeeded")) {
                return name;
            }
            if (!RUNNING.contains(status)) {
                throw new ArmException("job %s ended as %s (execution %s); its console log in the workspace says why"
                        .formatted(job.name(), status, name));
            }
            pause(job, until, LOOK_EVERY);
        }
    }

    /** Changes what the patch names, and waits until the job has it. */
    void change(ArmId job, JsonNode patch) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(TO_CHANGE);
        URI address = client.address(job.toString(), query);
        while (true) {
            ArmResponse response = client.send("PATCH", address, patch);
            if (response.isSuccess()) {
                break;
            }
            if (!response.isThrottled() && !response.isUnclear()) {
                throw new ArmException("job %s was not changed: %s".formatted(job.name(), response.explanation()));
            }
            pause(job, until, response.retryAfter(waiting.now()).orElse(LOOK_EVERY));
        }
        while (client.read(address)
                .body()
                .path("properties")
                .path("provisioningState")
                .asString("Succeeded")
                .matches("InProgress|Updating")) {
            pause(job, until, LOOK_EVERY);
        }
    }

    /** Starts a job and does not wait; answers its execution. */
    String begin(ArmId job, Duration patience) throws IOException, InterruptedException {
        return start(job, waiting.now().plus(patience));
    }

    /** The executions of a job that run now. */
    List<JsonNode> executions(ArmId job) throws IOException, InterruptedException {
        return client.list(job + "/executions", query).stream()
                .filter(execution -> RUNNING.contains(status(execution)))
                .toList();
    }

    /** How an execution stands, in small letters; empty where Azure does not say. */
    String state(ArmId job, String execution) throws IOException, InterruptedException {
        return status(client.read(client.address(job + "/executions/" + execution, query))
                .body());
    }

    /** An execution; empty where Azure knows none of that name. */
    Optional<JsonNode> execution(ArmId job, String execution) throws IOException, InterruptedException {
        ArmResponse found = client.read(client.address(job + "/executions/" + execution, query));
        return found.isSuccess() ? Optional.of(found.body()) : Optional.empty();
    }

    static boolean isRunning(String state) {
        return RUNNING.contains(state);
    }

    private String start(ArmId job, Instant until) throws IOException, InterruptedException {
        URI address = client.address(job + "/start", query);
        Set<String> earlier = names(job);
        while (true) {
            ArmResponse response = client.send("POST", address, null);
            if (response.isSuccess()) {
                String name = response.body().path("name").asString("");
                return name.isEmpty() ? awaitRunning(job, until) : name;
            }
            if (!response.isThrottled() && !response.isUnclear()) {
                throw new ArmException("job %s was not started: %s".formatted(job.name(), response.explanation()));
            }
            pause(job, until, response.retryAfter(waiting.now()).orElse(LOOK_EVERY));
            // The answer may have been lost and the job have begun, or ended, and a list may not show it yet.
            Instant shown =
                    response.isThrottled() ? waiting.now() : waiting.now().plus(LISTS_LAG);
            Optional<String> begun = begunSince(job, earlier);
            while (begun.isEmpty() && waiting.now().isBefore(shown)) {
                pause(job, until, LOOK_EVERY);
                begun = begunSince(job, earlier);
            }
            if (begun.isPresent()) {
                return begun.get();
            }
        }
    }

    private Optional<String> begunSince(ArmId job, Set<String> earlier) throws IOException, InterruptedException {
        return names(job).stream().filter(name -> !earlier.contains(name)).findFirst();
    }

    private Set<String> names(ArmId job) throws IOException, InterruptedException {
        return client.list(job + "/executions", query).stream()
                .map(execution -> execution.path("name").asString(""))
                .collect(Collectors.toSet());
    }

    private String awaitRunning(ArmId job, Instant until) throws IOException, InterruptedException {
        while (true) {
            String running = running(job);
            if (!running.isEmpty()) {
                return running;
            }
            pause(job, until, LOOK_EVERY);
        }
    }

    private String running(ArmId job) throws IOException, InterruptedException {
        return executions(job).stream()
                .map(execution -> execution.path("name").asString(""))
                .findFirst()
                .orElse("");
    }

    static String status(JsonNode execution) {
        String below = execution.path("properties").path("status").asString("");
        return (below.isEmpty() ? execution.path("status").asString("") : below).toLowerCase(Locale.ROOT);
    }

    private void pause(ArmId job, Instant until, Duration wait) throws ArmException, InterruptedException {
        if (!waiting.now().isBefore(until)) {
            throw new ArmException(
                    "job %s has not ended; run the same command again to wait longer".formatted(job.name()));
        }
        waiting.pause(wait);
    }
}
