package txlookup.azure.recreate;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/** The program's parts in their containers: deployed, run to their end or until they are ready. */
final class ContainerParts {
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final Deployments deployments;
    private final TemplateDeployments layers;
    private final ContainerJobs jobs;

    ContainerParts(
            EnvironmentParameters parameters,
            EnvironmentResources resources,
            Deployments deployments,
            TemplateDeployments layers,
            ContainerJobs jobs) {
        this.parameters = parameters;
        this.resources = resources;
        this.deployments = deployments;
        this.layers = layers;
        this.jobs = jobs;
    }

    /** @param generation null before there is one */
    void deploy(AppsPart part, Map<String, Secret> secrets, @Nullable GenerationNumber generation)
            throws IOException, InterruptedException {
        deploy(part, secrets, generation, Map.of(), Optional.empty());
    }

    /**
     * The same beside other revisions.
     *
     * @param kept the profiles that they read, by their secret's name
     * @param traffic where the lookup API's requests go
     * @return the revision's suffix
     */
    String deploy(
            AppsPart part,
            Map<String, Secret> secrets,
            @Nullable GenerationNumber generation,
            Map<String, Secret> kept,
            Optional<ArrayNode> traffic)
            throws IOException, InterruptedException {
        EnvironmentParameters.ContainerIdentity identity = new EnvironmentParameters.ContainerIdentity(
                layers.ofBase(part.inOutputs() + "ClientId"),
                resources.id(part.identity()).toString());
        Map<String, JsonNode> given = parameters.apps(part, identity, secrets, generation, kept);
        if (part == AppsPart.MIGRATE) {
            given.put(
                    "migrateArguments",
                    parameters.migrateArguments(layers.ofBase("consumerPrincipalId"), layers.ofBase("apiPrincipalId")));
        }
        traffic.ifPresent(where -> given.put("apiTraffic", where));
        deployments.run("txlookup-" + part.inTemplate(), TemplateLayer.APPS.template(), given);
        return generation == null ? "" : given.get("revisionSuffix").asString();
    }

    /** Runs a job that is deployed to its end. */
    void run(AppsPart job, Duration longest) throws IOException, InterruptedException {
        jobs.run(resources.id(job.kind()), longest);
    }
}
