package txlookup.azure.recreate;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.azure.template.TemplateLayer;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/** All that a rebuild asks of the resource manager, from the group to the alerts, without database and broker. */
final class Making {
    static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");
    private static final GenerationNumber GENERATION = new GenerationNumber(20261121090000L);

    private Making() {}

    /** What a rebuild's platform asks for, in its order. */
    static void run(ArmClient client) throws Exception {
        Clockwork waiting = new Clockwork();
        EnvironmentParameters parameters = new EnvironmentParameters(PROFILE, Environments.inputs(PROFILE));
        EnvironmentResources resources = new EnvironmentResources(client, FakeAzure.SUBSCRIPTION, parameters, waiting);
        Deployments deployments = new Deployments(client, resources.group(), waiting, Duration.ofHours(1));
        TemplateDeployments layers =
                new TemplateDeployments(deployments, resources.group().name());
        ContainerParts parts = new ContainerParts(
                parameters,
                resources,
                deployments,
                layers,
                new ContainerJobs(client, waiting, AzureKind.MIGRATE_JOB.apiVersion()));
        Map<String, Secret> secrets = Environments.secrets(PROFILE);
        resources.makeGroup();
        layers.requireStage(PROFILE.stage());
        layers.deploy(TemplateLayer.BASE, parameters.base());
        layers.deploy(TemplateLayer.DATA, parameters.data(new Secret("Only-for-practice-1")));
        layers.deploy(
                TemplateLayer.ACCESS,
                parameters.access(
                        new EnvironmentParameters.Principals(
                                layers.ofBase("jobPrincipalId"),
                                layers.ofBase("consumerPrincipalId"),
                                layers.ofBase("apiPrincipalId"),
                                ""),
                        secrets));
        resources.connectionString(EnvironmentParameters.LISTEN_RULE);
        resources.importImage(Environments.inputs(PROFILE));
        parts.deploy(AppsPart.MIGRATE, secrets, null);
        parts.run(AppsPart.MIGRATE, Duration.ofMinutes(30));
        parts.deploy(AppsPart.CONSUMER, secrets, GENERATION);
        parts.deploy(AppsPart.API, secrets, GENERATION);
        layers.deploy(
                TemplateLayer.MONITORING,
                parameters.monitoring(GENERATION, Instant.parse("2026-11-21T09:00:00Z"), SloFile.shipped()));
    }
}
