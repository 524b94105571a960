package txlookup.azure.recreate;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

/** The environment's alerts, asked for after they were deployed: there, enabled, and on this environment's workspace. */
final class Alerts {
    private final EnvironmentResources resources;
    private final EnvironmentParameters parameters;

    Alerts(EnvironmentResources resources, EnvironmentParameters parameters) {
        this.resources = resources;
        this.parameters = parameters;
    }

    void require() throws IOException, InterruptedException {
        require(AzureKind.FRESHNESS_ALERT);
        require(AzureKind.DEAD_LETTER_ALERT);
        require(AzureKind.LATENCY_ALERT);
        require(AzureKind.ERROR_ALERT);
        require(AzureKind.PROBE_ALERT);
    }

    private void require(AzureKind alert) throws IOException, InterruptedException {
        JsonNode rule = resources.properties(alert);
        String workspace = resources.id(AzureKind.LOG_ANALYTICS).toString();
        String watched = rule.path("scopes").path(0).asString("");
        if (!rule.path("enabled").asBoolean(false) || !watched.equalsIgnoreCase(workspace)) {
            throw new StepFailure(
                    FailureCause.MONITORING_FAILED,
                    "alert %s is %s and watches %s, not %s"
                            .formatted(parameters.name(alert), rule.path("enabled"), watched, workspace),
                    "see who changed the alert, then begin a new rebuild",
                    null);
        }
    }
}
