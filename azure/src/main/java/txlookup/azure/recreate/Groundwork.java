package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.check.AdministratorPassword;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.azure.template.KeptParameters;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretSource;

/**
 * What has to be there before anything can run within an environment. It needs the resource manager alone: neither the
 * database, nor the log, nor an app is reached from here.
 */
public final class Groundwork {
    private final ContainerSecrets names;
    private final EnvironmentResources resources;
    private final KeptResources kept;
    private final ResourceSteps steps;
    private final ContainerParts parts;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    /**
     * Prepares it; nothing is asked of Azure yet.
     *
     * @throws txlookup.profiles.schema.ProfileException when secrets are missing, naming every one
     */
    public Groundwork(
            Target target,
            Profile profile,
            Inputs inputs,
            SecretSource given,
            ArmClient client,
            Sleeper waiting,
            AzurePlatform.Patience patience) {
        EnvironmentParameters parameters = new EnvironmentParameters(profile, inputs);
        this.names = new ContainerSecrets(profile);
        this.resources = new EnvironmentResources(client, target.subscription(), parameters, waiting);
        Deployments deployments = new Deployments(client, resources.group(), waiting, patience.deployment());
        TemplateDeployments layers =
                new TemplateDeployments(deployments, resources.group().name());
        this.steps = new ResourceSteps(profile, parameters, inputs, resources, layers);
        this.kept = new KeptResources(
                new KeptParameters(profile, inputs),
                resources,
                client,
                target.subscription(),
                parameters.region(),
                waiting,
                patience.deployment());
        this.parts = new ContainerParts(
                parameters,
                resources,
                deployments,
                layers,
                new ContainerJobs(client, waiting, AzureKind.WITHIN_JOB.apiVersion()));
        this.secrets.putAll(given.require(names.required()));
        AdministratorPassword.require(
                names.databasePassword(),
                secrets.get(names.databasePassword()),
                profile.database().user());
    }

    /** Makes what outlives the environment; answers where its blobs are. */
    public URI keep() throws IOException, InterruptedException {
        return kept.make().blobs();
    }

    /**
     * Makes the environment's resources, and the job that works within it.
     *
     * @param command what the job is to run
     */
    public void make(List<String> command, Consumer<String> told) throws IOException, InterruptedException {
        KeptResources.Kept there = kept.make();
        steps.make(secrets);
        told.accept("the resources of %s are there".formatted(resources.group().name()));
        steps.admit(secrets, there.principal());
        if (steps.sharesAccess()) {
            secrets.put(names.broker(), new Secret(resources.connectionString(EnvironmentParameters.LISTEN_RULE)));
        }
        told.accept("roles, secrets and image are there");
        parts.deployKept(AppsPart.WITHIN, there.identity(), secrets, command);
    }

    /**
     * Lets one more address in to the account of a secured environment; the others stay. An account that lets in everybody
     * with a token needs none.
     */
    public static void letIn(ArmClient client, Target target, String address) throws IOException, InterruptedException {
        URI account = client.address(
                ArmId.ofSubscription(target.subscription())
                        .child("resourceGroups/" + KeptParameters.group(target.naming()))
                        .child("providers/Microsoft.Storage/storageAccounts/" + KeptParameters.account(target.naming()))
                        .toString(),
                "api-version=2025-01-01");
        JsonNode rules = client.read(account).body().path("properties").path("networkAcls");
        boolean there = rules.path("ipRules")
                .valueStream()
                .anyMatch(rule -> rule.path("value").asString("").equals(address));
        if (there || !rules.path("defaultAction").asString("").equals("Deny")) {
            return;
        }
        ObjectNode changed = (ObjectNode) rules.deepCopy();
        changed.withArray("ipRules").addObject().put("value", address).put("action", "Allow");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("properties").set("networkAcls", changed);
        ArmResponse answer = client.send("PATCH", account, patch);
        if (!answer.isSuccess()) {
            throw new ArmException(
                    "%s is not let in to the storage account: %s".formatted(address, answer.explanation()));
        }
    }

    /** Where the blobs of an environment's account are; empty where none was made. */
    public static Optional<URI> blobs(ArmClient client, Target target, Sleeper waiting)
            throws IOException, InterruptedException {
        return new Deployments(
                        client,
                        ArmId.ofSubscription(target.subscription())
                                .child("resourceGroups/" + KeptParameters.group(target.naming())),
                        waiting,
                        Duration.ofMinutes(1))
                .outputs(KeptResources.DEPLOYMENT)
                .path("blobs")
                .path("value")
                .asStringOpt()
                .map(URI::create);
    }
}
