package txlookup.azure.recreate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import txlookup.azure.arm.ArmException;
import txlookup.azure.inventory.AzureKind;
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
        Map<String, JsonNode> given = parameters.apps(part, identity(part), secrets, generation, kept);
        if (part == AppsPart.MIGRATE) {
            given.put(
                    "migrateArguments",
                    parameters.migrateArguments(
                            layers.ofBase("consumerPrincipalId"), layers.ofBase("apiPrincipalId"), layers.within()));
        }
        traffic.ifPresent(where -> given.put("apiTraffic", where));
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
}
