package txlookup.azure.template;

import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.inventory.AzureKind;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.MessagingSecurity;

/** Every template's parameters, computed from a profile: names and tags by the policy, the rest by its stage. */
public final class EnvironmentParameters {
    /** The shared access rule that consumer and scaler listen with. */
    public static final String LISTEN_RULE = "listen";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String POSTGRES_VERSION = "18";
    /** The one that elastic clusters have (docs/azure-facts.md, B). */
    private static final String CLUSTER_VERSION = "17";

    private static final String CLUSTER_ZONE = "/privatelink.postgres.database.azure.com";
    private static final String NOTHING = "";

    /** Which objective each alert's query and limit are made of. */
    private static final Map<String, String> ALERTS = Map.of(
            "freshness", "freshness-events",
            "deadLetter", "dead-letters-new",
            "latency", "api-latency",
            "error", "api-errors");

    private final Profile profile;
    private final Inputs inputs;
    private final StageSettings stage;
    private final Naming naming;
    private final ContainerParameters containers;
    private final ObjectNode tags;

    /**
     * Takes an environment's profile.
     *
     * @throws IllegalArgumentException when cloud-secure is without its network, or cloud-test is given one
     */
    public EnvironmentParameters(Profile profile, Inputs inputs) {
        this(inputs, profile);
        if (stage.privateNetwork() != inputs.network().isPresent()) {
            throw new IllegalArgumentException(
                    stage.privateNetwork()
                            ? "stage cloud-secure is private: give the ids of its network's parts (--container-subnet and the others)"
                            : "stage cloud-test is public and is given no network; nothing public is ever made private in place");
        }
        if (ownsCluster()
                && inputs.network()
                        .filter(network -> !network.postgresDnsZone().endsWith(CLUSTER_ZONE))
                        .isPresent()) {
            throw new IllegalArgumentException(
                    "database.distribution is citus, and an elastic cluster has a private endpoint in place of a subnet: give the id of a zone %s as --postgres-dns-zone"
                            .formatted(CLUSTER_ZONE.substring(1)));
        }
    }

    /** Of an environment that is there: its names and image, for what changes neither network nor profile. */
    public static EnvironmentParameters ofExisting(Profile profile, Inputs inputs) {
        return new EnvironmentParameters(inputs, profile);
    }

    private EnvironmentParameters(Inputs inputs, Profile profile) {
        this.profile = profile;
        this.inputs = inputs;
        this.stage = StageSettings.of(profile);
        this.naming = profile.naming();
        this.containers = new ContainerParameters(profile, inputs);
        this.tags = TemplateParameters.tags(profile);
    }

    /** The final name of a resource. */
    public String name(AzureKind kind) {
        return kind.name(naming);
    }

    /** The name of what a part logs in as. */
    public String identityName(AppsPart part) {
        return part.identityName(naming);
    }

    /** The tags of every resource. */
    public ObjectNode tags() {
        return tags.deepCopy();
    }

    /**
     * Keeps what an environment that is there is tagged with: a template replaces all tags of a resource
     * (docs/azure-facts.md, B). Of two days the later one stays, because somebody moved it;
     * an environment that is not disposable gets none.
     */
    public void keepTags(JsonNode there) {
        there.properties().forEach(tag -> {
            String value = tag.getValue().asString("");
            boolean later = tag.getKey().equals("ttl")
                    && value.matches("\\d{4}-\\d{2}-\\d{2}")
                    && value.compareTo(tags.path("ttl").asString("")) > 0;
            boolean foreign = !tags.has(tag.getKey()) && !tag.getKey().equalsIgnoreCase("ttl");
            if (foreign || (later && tags.has("ttl"))) {
                tags.put(tag.getKey(), value);
            }
        });
    }

    /** The region of every resource. */
    public String region() {
        return profile.region().orElseThrow();
    }

    /** Whether secrets are kept in a vault. */
    public boolean withVault() {
        return profile.secrets() == SecretsMode.KEY_VAULT;
    }

    /** Whether containers log in to the database as their identity. */
    public boolean loginByToken() {
        return profile.database().login() == DatabaseLogin.ENTRA;
    }

    /** Whether the services send what the alerts watch. */
    public boolean sendsTelemetry() {
        return new ContainerSecrets(profile).sendsTelemetry();
    }

    /** Whether the environment has a namespace of its own, and not another Kafka. */
    public boolean ownsNamespace() {
        return profile.messaging().security().isEventHubs();
    }

    /** Whether PostgreSQL is an elastic cluster. */
    public boolean ownsCluster() {
        return profile.database().isSpread();
    }

    /** Whether the namespace takes connection strings. */
    public boolean sharedAccess() {
        return profile.messaging().security() == MessagingSecurity.SAS;
    }

    /** The identities' ids in their directory, as the base tells them. */
    public record Principals(String job, String consumer, String api, String within) {}

    /** Whether a job within the environment makes and judges it. */
    public boolean fromWithin() {
        return inputs.fromWithin();
    }

    /** Whether the network template is deployed. */
    public boolean isPrivate() {
        return stage.privateNetwork();
    }

    /** The image in the environment's own registry. */
    public String image() {
        return containers.image();
    }

    /** {@link TemplateLayer#BASE}. */
    public Map<String, JsonNode> base() {
        return common().text("workspaceName", name(AzureKind.LOG_ANALYTICS))
                .text("insightsName", name(AzureKind.APPLICATION_INSIGHTS))
                .text("identityName", name(AzureKind.IDENTITY))
                .text("consumerIdentityName", name(AzureKind.CONSUMER_IDENTITY))
                .text("apiIdentityName", name(AzureKind.API_IDENTITY))
                .text("vaultName", name(AzureKind.KEY_VAULT))
                .text("registryName", name(AzureKind.REGISTRY))
                .text("containerEnvironmentName", name(AzureKind.CONTAINER_ENVIRONMENT))
                .text("stage", profile.stage().yamlName())
                .flag("withVault", withVault())
                .number("vaultRetentionDays", stage.vaultRetentionDays())
                .flag("vaultPurgeProtection", stage.vaultPurgeProtection())
                .number("logRetentionDays", stage.logRetentionDays())
                .text("registrySku", stage.registrySku())
                .flag("privateNetwork", stage.privateNetwork())
                .text(
                        "containerSubnet",
                        inputs.network().map(PrivateNetwork::containerSubnet).orElse(NOTHING))
                .all();
    }

    /** {@link TemplateLayer#DNS}, from what the base tells. */
    public Map<String, JsonNode> dns(String domain, String address) {
        return new TemplateParameters()
                .put("tags", tags())
                .text("domain", domain)
                .text("address", address)
                .text("network", inputs.network().orElseThrow().network())
                .all();
    }

    /** {@link TemplateLayer#DATA}. */
    public Map<String, JsonNode> data(Secret databasePassword) {
        return common().text("eventHubsName", name(AzureKind.EVENT_HUBS))
                .text("ledgerTopic", profile.ledgerTopic())
                .text("paymentOrderTopic", profile.paymentOrderTopic())
                .number("partitions", profile.messaging().partitions())
                .number(
                        "retentionHours",
                        Math.toIntExact(profile.messaging().retention().toHours()))
                .text("listenRuleName", LISTEN_RULE)
                .flag("ownsNamespace", ownsNamespace())
                .flag("sharedAccess", sharedAccess())
                .text("postgresName", name(AzureKind.POSTGRES))
                .text("databaseName", profile.database().name())
                .text("administrator", profile.database().user())
                .text("administratorPassword", databasePassword.reveal())
                .text("postgresVersion", ownsCluster() ? CLUSTER_VERSION : POSTGRES_VERSION)
                .text("postgresSku", stage.postgresSku())
                .text("postgresTier", stage.postgresTier())
                .number("nodes", ownsCluster() ? profile.database().nodes() : 0)
                .number("storageGb", stage.storageGb())
                .number("backupDays", stage.backupDays())
                .text("highAvailability", stage.highAvailability())
                .flag("privateNetwork", stage.privateNetwork())
                .text(
                        "postgresSubnet",
                        inputs.network().map(PrivateNetwork::postgresSubnet).orElse(NOTHING))
                .text(
                        "postgresDnsZone",
                        inputs.network().map(PrivateNetwork::postgresDnsZone).orElse(NOTHING))
                .text("operatorAddress", inputs.operatorAddress())
                .all();
    }

    /** {@link TemplateLayer#NETWORK}; only where the stage is private. */
    public Map<String, JsonNode> network() {
        PrivateNetwork network = inputs.network().orElseThrow();
        return common().text("vaultName", name(AzureKind.KEY_VAULT))
                .text("registryName", name(AzureKind.REGISTRY))
                .text("eventHubsName", name(AzureKind.EVENT_HUBS))
                .flag("ownsNamespace", ownsNamespace())
                .text("vaultEndpointName", endpointName(AzureKind.KEY_VAULT.token()))
                .text("registryEndpointName", endpointName("cr"))
                .text("eventHubsEndpointName", endpointName(AzureKind.EVENT_HUBS.token()))
                .flag("ownsCluster", ownsCluster())
                .text("postgresName", name(AzureKind.POSTGRES))
                .text("postgresEndpointName", endpointName(AzureKind.POSTGRES.token()))
                .text("postgresDnsZone", network.postgresDnsZone())
                .text("endpointSubnet", network.endpointSubnet())
                .text("vaultDnsZone", network.vaultDnsZone())
                .text("registryDnsZone", network.registryDnsZone())
                .text("eventHubsDnsZone", network.eventHubsDnsZone())
                .all();
    }

    private String endpointName(String token) {
        return String.join("-", naming.team(), naming.project(), "pe" + token, naming.owner(), naming.env());
    }

    /** {@link TemplateLayer#ACCESS}. */
    public Map<String, JsonNode> access(Principals principals, Map<String, Secret> secrets) {
        ContainerSecrets names = new ContainerSecrets(profile);
        TemplateParameters parameters = new TemplateParameters()
                .put("tags", tags())
                .text("jobPrincipalId", principals.job())
                .text("consumerPrincipalId", principals.consumer())
                .text("apiPrincipalId", principals.api())
                .text("withinPrincipalId", principals.within())
                .text("producersPrincipalId", inputs.producers())
                .text("registryName", name(AzureKind.REGISTRY))
                .text("eventHubsName", name(AzureKind.EVENT_HUBS))
                .text("vaultName", name(AzureKind.KEY_VAULT))
                .text("postgresName", name(AzureKind.POSTGRES))
                .text("identityName", name(AzureKind.IDENTITY))
                .text("listenRuleName", LISTEN_RULE)
                .flag("withVault", withVault())
                .flag("entraDatabase", loginByToken())
                .flag("ownsNamespace", ownsNamespace())
                .flag("entraMessaging", profile.messaging().security() == MessagingSecurity.ENTRA)
                .text("databasePasswordName", ContainerSecrets.name(names.databasePassword()))
                .text("connectionStringName", ContainerSecrets.name(names.broker()))
                .text(
                        "brokerPassword",
                        ownsNamespace() ? NOTHING : secrets.get(names.broker()).reveal())
                .text("cursorSecretName", ContainerSecrets.name(names.cursorSecret()))
                .text(
                        "databasePassword",
                        loginByToken()
                                ? NOTHING
                                : secrets.get(names.databasePassword()).reveal())
                .text("cursorSecret", secrets.get(names.cursorSecret()).reveal());
        names.backfillPassword().ifPresent(variable -> parameters
                .text("backfillPasswordName", ContainerSecrets.name(variable))
                .text("backfillPassword", secrets.get(variable).reveal()));
        return parameters.all();
    }

    /**
     * {@link TemplateLayer#APPS}, one part of it.
     *
     * @param identity what the containers log in as
     * @param secrets by variable, the connection string included; their values are used only where there is no vault
     * @param generation null before there is one
     */
    public Map<String, JsonNode> apps(
            AppsPart part, ContainerIdentity identity, Map<String, Secret> secrets, GenerationNumber generation) {
        return apps(part, identity, secrets, generation, Map.of());
    }

    /**
     * The same where other revisions of the app run.
     *
     * @param kept the profiles that they read, by their secret's name
     */
    public Map<String, JsonNode> apps(
            AppsPart part,
            ContainerIdentity identity,
            Map<String, Secret> secrets,
            GenerationNumber generation,
            Map<String, Secret> kept) {
        return containers.of(part, identity, secrets, generation, kept, tags());
    }

    /** How the name of an app's revision ends. */
    public String revisionSuffix(AppsPart part, GenerationNumber generation) {
        return containers.revisionSuffix(part, generation);
    }

    /** What the migrate job is told beside: whom it lets in. Its identity alone is an administrator of the server. */
    public ArrayNode migrateArguments(String consumerPrincipal, String apiPrincipal, String withinPrincipal) {
        ArrayNode arguments = NODES.arrayNode();
        if (loginByToken()) {
            arguments
                    .add("--admit")
                    .add(name(AzureKind.CONSUMER_IDENTITY) + "=" + consumerPrincipal)
                    .add("--admit")
                    .add(name(AzureKind.API_IDENTITY) + "=" + apiPrincipal);
            if (!withinPrincipal.isEmpty()) {
                arguments.add("--admit").add(AppsPart.WITHIN.identityName(naming) + "=" + withinPrincipal);
            }
        }
        return arguments;
    }

    /** How suffixes of a generation's consumers begin. */
    public static String revisionsOf(long generation) {
        return "g%d-".formatted(generation);
    }

    /** Whether a secret of an app holds a profile. */
    public static boolean isProfile(String secretName) {
        return secretName.startsWith(ContainerParameters.PROFILE_SECRET);
    }

    /** The containers' identity: how logins name it, and its id in Azure. */
    public record ContainerIdentity(String clientId, String id) {}

    /** {@link TemplateLayer#MONITORING}. */
    public Map<String, JsonNode> monitoring(GenerationNumber generation, Instant cutover, SloFile objectives) {
        ArrayNode emails = NODES.arrayNode();
        inputs.emails().forEach(email -> emails.addObject()
                .put("name", email)
                .put("emailAddress", email)
                .put("useCommonAlertSchema", true));
        TemplateParameters parameters = common().text("workspaceName", name(AzureKind.LOG_ANALYTICS))
                .text("alertGroupName", name(AzureKind.ALERT_GROUP))
                .text("freshnessAlertName", name(AzureKind.FRESHNESS_ALERT))
                .text("deadLetterAlertName", name(AzureKind.DEAD_LETTER_ALERT))
                .text("latencyAlertName", name(AzureKind.LATENCY_ALERT))
                .text("errorAlertName", name(AzureKind.ERROR_ALERT))
                .text("probeAlertName", name(AzureKind.PROBE_ALERT))
                .text("generation", generation.toString())
                .text("cutover", cutover.toString())
                .put("emails", emails);
        ALERTS.forEach((alert, objective) -> {
            ObjectiveAlerts rule = ObjectiveAlerts.of(objectives, objective, cutover.toString());
            // A template has whole numbers only.
            parameters
                    .text(alert + "Query", rule.query())
                    .text(alert + "Limit", rule.threshold().toPlainString());
        });
        return parameters.all();
    }

    private TemplateParameters common() {
        return new TemplateParameters().common(region(), tags());
    }
}
