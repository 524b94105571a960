package txlookup.azure.recreate;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretSource;

/** The first two steps: the resources, then who may use them and with which secrets. */
final class ResourceSteps {
    private final Profile profile;
    private final EnvironmentParameters parameters;
    private final Inputs inputs;
    private final EnvironmentResources resources;
    private final TemplateDeployments layers;
    private final ContainerSecrets names;

    ResourceSteps(
            Profile profile,
            EnvironmentParameters parameters,
            Inputs inputs,
            EnvironmentResources resources,
            TemplateDeployments layers) {
        this.profile = profile;
        this.parameters = parameters;
        this.inputs = inputs;
        this.resources = resources;
        this.layers = layers;
        this.names = new ContainerSecrets(profile);
    }

    /** Step 1. From within, everything was made before the job was started. */
    String create(Map<String, Secret> secrets) throws IOException, InterruptedException {
        layers.requireStage(profile.stage());
        if (parameters.fromWithin()) {
            for (TemplateLayer layer :
                    new TemplateLayer[] {TemplateLayer.BASE, TemplateLayer.DATA, TemplateLayer.ACCESS}) {
                layers.requireMade(layer);
            }
        } else {
            make(secrets);
        }
        return "group %s, %s, %s"
                .formatted(
                        resources.group().name(),
                        parameters.name(AzureKind.POSTGRES),
                        parameters.ownsNamespace()
                                ? parameters.name(AzureKind.EVENT_HUBS)
                                : "Kafka at " + profile.messaging().bootstrapServers());
    }

    boolean sharesAccess() {
        return parameters.sharedAccess();
    }

    void make(Map<String, Secret> secrets) throws IOException, InterruptedException {
        resources.makeGroup();
        layers.requireStage(profile.stage());
        layers.deploy(TemplateLayer.BASE, parameters.base());
        if (parameters.isPrivate()) {
            layers.deploy(TemplateLayer.DNS, parameters.dns(layers.ofBase("appsDomain"), layers.ofBase("appsAddress")));
        }
        layers.deploy(TemplateLayer.DATA, parameters.data(secrets.get(names.databasePassword())));
        if (parameters.isPrivate()) {
            layers.deploy(TemplateLayer.NETWORK, parameters.network());
        }
    }

    /**
     * Assigns the roles, keeps the secrets and copies the image.
     *
     * @param within principal of what works from within; empty for nobody
     */
    void admit(Map<String, Secret> secrets, String within) throws IOException, InterruptedException {
        EnvironmentParameters.Principals principals = new EnvironmentParameters.Principals(
                layers.ofBase("jobPrincipalId"),
                layers.ofBase("consumerPrincipalId"),
                layers.ofBase("apiPrincipalId"),
                within);
        layers.deploy(TemplateLayer.ACCESS, parameters.access(principals, secrets));
        resources.importImage(inputs);
    }

    /**
     * Step 2.
     *
     * @param secrets gets what the namespace itself makes
     */
    String letIn(Map<String, Secret> secrets, EnvironmentAccess access, SecretSource given)
            throws IOException, InterruptedException, SQLException {
        if (!parameters.fromWithin()) {
            admit(secrets, "");
        }
        access.connectionString().ifPresent(secret -> secrets.put(names.broker(), secret));
        access.openLog();
        access.openStore();
        return "secrets %s; the database accepts them%s; image %s; profile sha256 %s"
                .formatted(
                        parameters.withVault()
                                ? "in " + parameters.name(AzureKind.KEY_VAULT)
                                : "from " + given.describe(),
                        parameters.loginByToken() ? ", and tokens of " + parameters.name(AzureKind.IDENTITY) : "",
                        inputs.digest(),
                        ResolvedProfile.digest(inputs.profile()));
    }
}
