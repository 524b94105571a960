package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/** The program's parts in their containers: deployed, run to their end or until they are ready. */
final class ContainerParts {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final Deployments deployments;
    private final TemplateDeployments layers;
    private final ContainerJobs jobs;
    private final Endpoints endpoints;
    private final Sleeper waiting;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    ContainerParts(
            EnvironmentParameters parameters,
            EnvironmentResources resources,
            Deployments deployments,
            TemplateDeployments layers,
            ContainerJobs jobs,
            Endpoints endpoints,
            Sleeper waiting) {
        this.parameters = parameters;
        this.resources = resources;
        this.deployments = deployments;
        this.layers = layers;
        this.jobs = jobs;
        this.endpoints = endpoints;
        this.waiting = waiting;
    }

    /** @param generation null before there is one */
    void deploy(AppsPart part, Map<String, Secret> secrets, @Nullable GenerationNumber generation)
            throws IOException, InterruptedException {
        deploy(part, secrets, generation, Map.of());
    }

    /**
     * The same beside other revisions.
     *
     * @param kept the profiles that they read, by their secret's name
     * @return the revision's suffix
     */
    String deploy(
            AppsPart part, Map<String, Secret> secrets, @Nullable GenerationNumber generation, Map<String, Secret> kept)
            throws IOException, InterruptedException {
        Map<String, JsonNode> given = parameters.apps(part, identity(part), secrets, generation, kept);
        if (part == AppsPart.MIGRATE) {
            given.put(
                    "migrateArguments",
                    parameters.migrateArguments(
                            layers.ofBase("consumerPrincipalId"), layers.ofBase("apiPrincipalId"), layers.within()));
        }
        deployments.run("txlookup-" + part.inTemplate(), TemplateLayer.APPS.template(), given);
        return generation == null ? "" : given.get("revisionSuffix").asString();
    }

    private EnvironmentParameters.ContainerIdentity identity(AppsPart part) throws IOException, InterruptedException {
        return new EnvironmentParameters.ContainerIdentity(
                layers.ofBase(part.inOutputs() + "ClientId"),
                resources
                        .group()
                        .child("providers/" + AzureKind.IDENTITY.type() + "/" + parameters.identityName(part))
                        .toString());
    }

    /**
     * Deploys a job whose identity outlives the environment.
     *
     * @param command what it runs
     */
    void deployKept(
            AppsPart part,
            EnvironmentParameters.ContainerIdentity identity,
            Map<String, Secret> secrets,
            List<String> command)
            throws IOException, InterruptedException {
        Map<String, JsonNode> given = parameters.apps(part, identity, secrets, null);
        ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
        command.forEach(arguments::add);
        given.put("withinArguments", arguments);
        deployments.run("txlookup-" + part.inTemplate(), TemplateLayer.APPS.template(), given);
    }

    /** Deploys the job that exports the audit, with the identity of the job that runs this. */
    void deployExport(Map<String, Secret> secrets) throws IOException, InterruptedException {
        JsonNode within = resources.find(AzureKind.WITHIN_JOB);
        String identity = within.path("identity").path("userAssignedIdentities").propertyNames().stream()
                .findFirst()
                .orElseThrow(() -> new ArmException("%s has no identity; run env recreate or promote from outside"
                        .formatted(parameters.name(AzureKind.WITHIN_JOB))));
        String clientId = within.at("/properties/template/containers/0/env")
                .valueStream()
                .filter(variable -> variable.path("name").asString("").equals("AZURE_CLIENT_ID"))
                .map(variable -> variable.path("value").asString(""))
                .findFirst()
                .orElse("");
        deployKept(
                AppsPart.EXPORT,
                new EnvironmentParameters.ContainerIdentity(clientId, identity),
                secrets,
                List.of("audit", "export"));
    }

    /** Runs a job that is deployed to its end. */
    void run(AppsPart job, Duration longest) throws IOException, InterruptedException {
        jobs.run(resources.id(job.kind()), longest);
    }

    /** Where an app that is deployed answers. */
    URI address(AppsPart app) throws IOException, InterruptedException {
        return endpoints.app(resources
                .properties(app.kind())
                .path("configuration")
                .path("ingress")
                .path("fqdn")
                .asString());
    }

    /** Until its newest revision is ready, an earlier one answers under the app's address. */
    private Optional<String> behind(AppsPart app) throws IOException, InterruptedException {
        JsonNode properties = resources.properties(app.kind());
        String newest = properties.path("latestRevisionName").asString("");
        String ready = properties.path("latestReadyRevisionName").asString("");
        return newest.equals(ready)
                ? Optional.empty()
                : Optional.of("revision %s is not ready; the ready one is \"%s\"".formatted(newest, ready));
    }

    /**
     * Waits until an app's newest revision says that it is ready.
     *
     * @return where it answers
     * @throws ArmException with the last thing that it said
     */
    URI awaitReady(AppsPart app, Duration longest) throws IOException, InterruptedException {
        URI address = address(app);
        Instant until = waiting.now().plus(longest);
        String last = "no answer";
        while (waiting.now().isBefore(until)) {
            Optional<String> behind = behind(app);
            if (behind.isPresent()) {
                last = behind.get();
                waiting.pause(LOOK_EVERY);
                continue;
            }
            try {
                HttpRequest request = HttpRequest.newBuilder(address.resolve("/ready"))
                        .timeout(CONNECT)
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return address;
                }
                last = response.statusCode() + " " + response.body().strip();
            } catch (IOException e) {
                last = "no answer: " + e;
            }
            waiting.pause(LOOK_EVERY);
        }
        throw new ArmException("%s at %s is not ready after %s: %s; its console log in the workspace says why"
                .formatted(parameters.name(app.kind()), address, longest, last));
    }
}
