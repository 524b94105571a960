package txlookup.azure.recreate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;

/** The job that runs commands of this program within an environment, as it is seen from outside. */
public final class WithinJob {
    private static final int PROFILE_ARGUMENTS = 2;
    private static final Duration TO_START = Duration.ofMinutes(10);

    private final ArmClient client;
    private final ArmId job;
    private final ContainerJobs jobs;

    public WithinJob(ArmClient client, Target target, Sleeper waiting) {
        this.client = client;
        this.job = ArmId.ofSubscription(target.subscription())
                .child("resourceGroups/" + AzureKind.RESOURCE_GROUP.name(target.naming()))
                .child("providers/" + AzureKind.WITHIN_JOB.type() + "/" + AzureKind.WITHIN_JOB.name(target.naming()));
        this.jobs = new ContainerJobs(client, waiting, AzureKind.WITHIN_JOB.apiVersion());
    }

    /**
     * A run of the job.
     *
     * @param execution Azure's name of it
     * @param image what it runs
     * @param profile digest of the profile that it reads
     * @param arguments its command line
     */
    public record Run(String execution, String image, String profile, List<String> arguments) {
        /** Whether it does that, with that program and profile. */
        public boolean does(String imageDigest, String profileDigest, List<String> wanted) {
            return image.endsWith(imageDigest)
                    && profile.equals(profileDigest)
                    && command().equals(wanted);
        }

        /** What the program is told after its profile. */
        public List<String> command() {
            return arguments.stream().skip(PROFILE_ARGUMENTS).toList();
        }

        static Run of(String execution, JsonNode template) {
            JsonNode container = template.path("containers").path(0);
            String profile = container
                    .path("env")
                    .valueStream()
                    .filter(variable -> variable.path("name").asString("").equals("PROFILE_SHA256"))
                    .map(variable -> variable.path("value").asString(""))
                    .findFirst()
                    .orElse("");
            return new Run(
                    execution,
                    container.path("image").asString(""),
                    profile,
                    container.path("args").valueStream().map(JsonNode::asString).toList());
        }
    }

    /** What runs now, as far as the list of executions shows it. */
    public Optional<Run> running() throws IOException, InterruptedException {
        if (find().isMissingNode()) {
            return Optional.empty();
        }
        return jobs.executions(job).stream().map(WithinJob::run).findFirst();
    }

    /** That execution, where it runs now: asked for by its name, as a list may not show yet what was just started. */
    public Optional<Run> running(String execution) throws IOException, InterruptedException {
        return jobs.execution(job, execution)
                .filter(found -> ContainerJobs.isRunning(ContainerJobs.status(found)))
                .map(WithinJob::run);
    }

    private static Run run(JsonNode execution) {
        return Run.of(
                execution.path("name").asString(""),
                execution.path("properties").path("template"));
    }

    /** What the next run would be; empty where the environment has no such job. */
    public Optional<Run> deployed() throws IOException, InterruptedException {
        JsonNode found = find();
        return found.isMissingNode()
                ? Optional.empty()
                : Optional.of(Run.of("", found.path("properties").path("template")));
    }

    /** Gives it another command; its image, profile and secrets stay. */
    public void instruct(List<String> command) throws IOException, InterruptedException {
        JsonNode found = find();
        ObjectNode template = ((ObjectNode) found.path("properties").path("template")).deepCopy();
        ObjectNode container = (ObjectNode) template.path("containers").path(0);
        ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
        // The profile stays the first thing that the program is told.
        container.path("args").valueStream().limit(PROFILE_ARGUMENTS).forEach(arguments::add);
        command.forEach(arguments::add);
        container.set("args", arguments);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("properties").set("template", template);
        jobs.change(job, change);
    }

    /** Starts it; answers the execution. */
    public String start() throws IOException, InterruptedException {
        return jobs.begin(job, TO_START);
    }

    /** How an execution stands, in Azure's word; empty while it runs. */
    public Optional<String> ended(String execution) throws IOException, InterruptedException {
        String state = jobs.state(job, execution);
        if (state.isEmpty() && find().isMissingNode()) {
            return Optional.of("gone with its environment");
        }
        return ContainerJobs.isRunning(state) ? Optional.empty() : Optional.of(state);
    }

    private JsonNode find() throws IOException, InterruptedException {
        JsonNode found = client.read(client.address(job.toString(), "api-version=" + AzureKind.WITHIN_JOB.apiVersion()))
                .body();
        return found.has("properties") ? found : JsonNodeFactory.instance.missingNode();
    }
}
