package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.EnvironmentParameters.ContainerIdentity;
import txlookup.azure.template.KeptParameters;
import txlookup.azure.template.TemplateLayer;

/** What outlives an environment, in a group of its own: made where it is not there, and never destroyed from here. */
final class KeptResources {
    static final String DEPLOYMENT = "txlookup-kept";

    private final KeptParameters parameters;
    private final EnvironmentResources requests;
    private final ArmClient client;
    private final ArmId group;
    private final Deployments deployments;
    private final String region;

    KeptResources(
            KeptParameters parameters,
            EnvironmentResources requests,
            ArmClient client,
            String subscription,
            String region,
            Sleeper waiting,
            Duration patience) {
        this.parameters = parameters;
        this.requests = requests;
        this.client = client;
        this.region = region;
        this.group = ArmId.ofSubscription(subscription).child("resourceGroups/" + parameters.group());
        this.deployments = new Deployments(client, group, waiting, patience);
    }

    /** Makes it, or finds it as ours. */
    Kept make() throws IOException, InterruptedException {
        URI address = requests.address(group, AzureKind.RESOURCE_GROUP.apiVersion());
        ArmResponse there = client.read(address);
        ObjectNode tags = parameters.tags();
        if (there.isSuccess()) {
            requireOurs(there.body().path("tags"), tags);
        } else {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("location", region);
            body.set("tags", tags);
            requests.send("PUT", address, body, "the resource group " + group.name());
        }
        // An assignment's name needs the principal, which Azure tells only once the identity is there.
        String principal = find().map(Kept::principal).orElse("");
        if (principal.isEmpty()) {
            deployments.run(DEPLOYMENT, TemplateLayer.KEPT.template(), parameters.of(""));
            principal = find().map(Kept::principal).orElseThrow();
        }
        deployments.run(DEPLOYMENT, TemplateLayer.KEPT.template(), parameters.of(principal));
        return find().orElseThrow(() -> new ArmException("the deployment %s has no outputs".formatted(DEPLOYMENT)));
    }

    private void requireOurs(JsonNode there, ObjectNode wanted) throws ArmException {
        for (String tag : wanted.propertyNames()) {
            if (!there.path(tag).asString("").equals(wanted.path(tag).asString())) {
                throw new ArmException(
                        "the resource group %s exists with tags %s and not %s; nothing was changed; rename or remove it"
                                .formatted(group.name(), there, wanted));
            }
        }
    }

    /** What was made before; empty where nothing was. */
    Optional<Kept> find() throws IOException, InterruptedException {
        JsonNode outputs = deployments.outputs(DEPLOYMENT);
        return outputs.isObject() && outputs.has("blobs")
                ? Optional.of(new Kept(
                        URI.create(output(outputs, "blobs")),
                        new ContainerIdentity(output(outputs, "withinClientId"), output(outputs, "withinIdentity")),
                        output(outputs, "withinPrincipalId")))
                : Optional.empty();
    }

    private static String output(JsonNode outputs, String name) {
        return outputs.path(name).path("value").asString("");
    }

    /**
     * What is kept, and who keeps it.
     *
     * @param blobs where the account's blobs are
     * @param identity what works from within logs in as it
     * @param principal the identity's id in its directory
     */
    record Kept(URI blobs, ContainerIdentity identity, String principal) {}
}
