package txlookup.azure.recreate;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmException;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.Stage;

/** One environment's layers, each a deployment of its own name in the environment's group. */
final class TemplateDeployments {
    private final Deployments deployments;
    private final String group;

    TemplateDeployments(Deployments deployments, String group) {
        this.deployments = deployments;
        this.group = group;
    }

    void deploy(TemplateLayer layer, Map<String, JsonNode> parameters) throws IOException, InterruptedException {
        deployments.run(name(layer), layer.template(), parameters);
    }

    /** Public and secured resources never become one another in place (docs/policy.md, Guardrails). */
    void requireStage(Stage wanted) throws IOException, InterruptedException {
        String there = ofBase("stage");
        if (!there.isEmpty() && !there.equals(wanted.yamlName())) {
            throw new ArmException(
                    "%s was made as %s and is never made %s in place; choose another env, which gets resources of its own"
                            .formatted(group, there, wanted.yamlName()));
        }
    }

    /** @throws ArmException when nobody made that layer yet */
    void requireMade(TemplateLayer layer) throws IOException, InterruptedException {
        if (!deployments.isMade(name(layer))) {
            throw new ArmException(
                    "%s has no finished deployment %s; run txlookup env recreate or promote from outside, which makes it"
                            .formatted(group, name(layer)));
        }
    }

    /** Principal of what works from within; empty where nothing does. */
    String within() throws IOException, InterruptedException {
        return deployments
                .outputs(name(TemplateLayer.ACCESS))
                .path("withinPrincipalId")
                .path("value")
                .asString("");
    }

    /** What the base tells the others; empty text where it does not. */
    String ofBase(String output) throws IOException, InterruptedException {
        return deployments
                .outputs(name(TemplateLayer.BASE))
                .path(output)
                .path("value")
                .asString("");
    }

    private static String name(TemplateLayer layer) {
        return "txlookup-" + layer.file().replace(".json", "");
    }
}
