package txlookup.azure.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.EnvironmentParameters.ContainerIdentity;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.MessagingSecurity;

/** The parameters of {@link TemplateLayer#APPS}: the one image in its four uses. */
final class ContainerParameters {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Where the template mounts the profile. */
    private static final String PROFILE_FILE = "/profile/profile.yaml";

    /** How names of secrets begin that hold a profile. */
    static final String PROFILE_SECRET = "profile-";

    private static final int PROFILE_DIGITS = 12;
    private static final int CONTENT_DIGITS = 6;
    private static final int MIGRATE_SECONDS = 1_800;
    private static final int BACKFILL_SECONDS = 86_400;
    private static final int WITHIN_SECONDS = 86_400;
    private static final int EXPORT_SECONDS = 3_600;

    private final Profile profile;
    private final Inputs inputs;

    ContainerParameters(Profile profile, Inputs inputs) {
        this.profile = profile;
        this.inputs = inputs;
    }

    private String name(AzureKind kind) {
        return kind.name(profile.naming());
    }

    /** The image in the environment's own registry. */
    String image() {
        return "%s.azurecr.io/txlookup@%s".formatted(name(AzureKind.REGISTRY), inputs.digest());
    }

    Map<String, JsonNode> of(
            AppsPart part,
            ContainerIdentity identity,
            Map<String, Secret> secrets,
            @Nullable GenerationNumber generation,
            Map<String, Secret> kept,
            ObjectNode tags) {
        ContainerSecrets names = new ContainerSecrets(profile);
        TemplateParameters parameters = new TemplateParameters()
                .common(profile.region().orElseThrow(), tags)
                .text("part", part.inTemplate())
                .text("containerEnvironmentName", name(AzureKind.CONTAINER_ENVIRONMENT))
                .text("identityName", part.identityName(profile.naming()))
                .text("registryName", name(AzureKind.REGISTRY))
                .text("image", image())
                .put("arguments", NODES.arrayNode().add("--profile").add(PROFILE_FILE))
                .text("profile", inputs.profile())
                .text("profileSecretName", profileSecret())
                .put("environment", environment(part, names, identity.clientId()))
                .put(
                        "secrets",
                        profile.secrets() == SecretsMode.KEY_VAULT
                                ? names.inVault(part, name(AzureKind.KEY_VAULT), identity.id(), secrets)
                                : names.given(part, secrets))
                .flag("sendsTelemetry", names.sendsTelemetry())
                .text("insightsName", name(AzureKind.APPLICATION_INSIGHTS))
                .text("bootstrapServers", profile.messaging().bootstrapServers())
                .text("ledgerTopic", profile.ledgerTopic())
                .text("paymentOrderTopic", profile.paymentOrderTopic())
                .text("connectionStringName", ContainerSecrets.name(names.broker()))
                .text(
                        "brokerMechanism",
                        profile.messaging().security() == MessagingSecurity.SCRAM ? "scram_sha512" : "plaintext")
                .flag("scalesByLag", profile.messaging().security() != MessagingSecurity.ENTRA)
                .number("partitions", profile.messaging().partitions())
                .number("apiPort", profile.api().port())
                .number("consumerPort", profile.consumer().port())
                .number("migrateSeconds", MIGRATE_SECONDS)
                .number("backfillSeconds", BACKFILL_SECONDS)
                .flag("consumerIsPublic", !inputs.fromWithin())
                .put("allowedAddresses", allowedAddresses());
        for (AppsPart each : AppsPart.values()) {
            if (!each.isKept()) {
                parameters.text(
                        each.inTemplate() + (each.kind().type().endsWith("jobs") ? "JobName" : "AppName"),
                        name(each.kind()));
            }
        }
        // Also where it is not deployed now: Azure wants a name of what a condition leaves out.
        parameters
                .text("withinJobName", name(part.isKept() ? part.kind() : AzureKind.WITHIN_JOB))
                .text("withinIdentity", identity.id())
                .number("withinSeconds", part == AppsPart.EXPORT ? EXPORT_SECONDS : WITHIN_SECONDS);
        if (generation != null) {
            // The one place where a generation becomes a group, for the consumer and for its scale rules alike.
            parameters
                    .text("generation", generation.toString())
                    .text("revisionSuffix", revisionSuffix(part, generation))
                    .put("keptSecrets", kept(kept))
                    .text("consumerGroup", profile.names().consumerGroup(generation));
        }
        return parameters.all();
    }

    /** An app's secrets are those of all its revisions: a profile keeps its own beside the others. */
    private String profileSecret() {
        return PROFILE_SECRET + ResolvedProfile.digest(inputs.profile()).substring(0, PROFILE_DIGITS);
    }

    /**
     * A suffix that was used once makes nothing new, so that another image or profile has another suffix. A lookup API
     * answers from each generation, a consumer belongs to one.
     */
    String revisionSuffix(AppsPart part, GenerationNumber generation) {
        String content = inputs.digest() + inputs.profile();
        return part == AppsPart.API
                ? "r" + digest(content + TemplateLayer.APPS.template(), PROFILE_DIGITS)
                : EnvironmentParameters.revisionsOf(generation.value()) + digest(content, CONTENT_DIGITS);
    }

    private static String digest(String content, int digits) {
        return ResolvedProfile.digest(content).substring(0, digits);
    }

    private ObjectNode kept(Map<String, Secret> kept) {
        ObjectNode all = NODES.objectNode();
        ArrayNode list = all.putArray("list");
        kept.forEach((name, secret) -> {
            if (!name.equals(profileSecret())) {
                list.addObject().put("name", name).put("value", secret.reveal());
            }
        });
        return all;
    }

    private ArrayNode environment(AppsPart part, ContainerSecrets names, String clientId) {
        ArrayNode environment = NODES.arrayNode();
        environment
                .addObject()
                .put("name", ResolvedProfile.DIGEST)
                .put("value", ResolvedProfile.digest(inputs.profile()));
        environment.addObject().put("name", "AZURE_CLIENT_ID").put("value", clientId);
        if (profile.database().login() == DatabaseLogin.ENTRA) {
            environment
                    .addObject()
                    .put("name", "TXLOOKUP_DATABASE_USER")
                    .put("value", part.identityName(profile.naming()));
        }
        names.readBy(part).forEach(variable -> environment
                .addObject()
                .put("name", variable)
                .put("secretRef", ContainerSecrets.name(variable)));
        return environment;
    }

    private ArrayNode allowedAddresses() {
        ArrayNode allowed = NODES.arrayNode();
        if (!inputs.operatorAddress().isEmpty() && !inputs.fromWithin()) {
            allowed.addObject()
                    .put("name", "operator")
                    .put("ipAddressRange", inputs.operatorAddress() + "/32")
                    .put("action", "Allow");
        }
        return allowed;
    }
}
