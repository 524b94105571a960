package txlookup.azure.template;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import txlookup.azure.inventory.AzureKind;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/** Everything that an environment's templates come to. */
final class Evaluated {
    static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");
    static final GenerationNumber GENERATION = GenerationNumber.fromCutover(CUTOVER);
    private static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

    static final EnvironmentParameters.Principals PRINCIPALS =
            new EnvironmentParameters.Principals("job-1", "consumer-2", "api-3", "");

    private Evaluated() {}

    record Layer(TemplateLayer layer, Map<String, JsonNode> parameters, TemplateEvaluation evaluation) {}

    static List<Layer> layers(Profile profile) {
        EnvironmentParameters parameters = new EnvironmentParameters(profile, Environments.inputs(profile));
        Map<String, Secret> secrets = Environments.secrets(profile);
        List<Layer> layers = new ArrayList<>();
        layers.add(layer(parameters, TemplateLayer.BASE, parameters.base()));
        if (parameters.isPrivate()) {
            layers.add(layer(parameters, TemplateLayer.DNS, parameters.dns("x.azurecontainerapps.io", "10.0.0.4")));
        }
        layers.add(layer(parameters, TemplateLayer.DATA, parameters.data(new Secret("not to be seen"))));
        if (parameters.isPrivate()) {
            layers.add(layer(parameters, TemplateLayer.NETWORK, parameters.network()));
        }
        layers.add(layer(parameters, TemplateLayer.ACCESS, parameters.access(PRINCIPALS, secrets)));
        EnvironmentParameters.ContainerIdentity identity =
                new EnvironmentParameters.ContainerIdentity("4-5-6", "/subscriptions/x");
        for (AppsPart part : AppsPart.values()) {
            layers.add(layer(parameters, TemplateLayer.APPS, parameters.apps(part, identity, secrets, GENERATION)));
        }
        layers.add(layer(
                parameters, TemplateLayer.MONITORING, parameters.monitoring(GENERATION, CUTOVER, SloFile.shipped())));
        return layers;
    }

    /** What outlives it. */
    static Layer kept(Profile profile) {
        KeptParameters kept = new KeptParameters(profile, Environments.inputs(profile));
        Map<String, JsonNode> parameters = kept.of("within-4");
        return new Layer(
                TemplateLayer.KEPT,
                parameters,
                new TemplateEvaluation(
                        TemplateLayer.KEPT.template(),
                        parameters,
                        SUBSCRIPTION,
                        kept.group(),
                        LiveResources.unknown()));
    }

    static List<TemplateEvaluation.Made> resources(Profile profile) {
        return layers(profile).stream()
                .flatMap(layer -> layer.evaluation().resources().stream())
                .toList();
    }

    private static Layer layer(EnvironmentParameters names, TemplateLayer layer, Map<String, JsonNode> parameters) {
        return new Layer(
                layer,
                parameters,
                new TemplateEvaluation(
                        layer.template(),
                        parameters,
                        SUBSCRIPTION,
                        names.name(AzureKind.RESOURCE_GROUP),
                        LiveResources.unknown()));
    }
}
