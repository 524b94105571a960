package txlookup.azure.inventory;

import java.util.Arrays;
import java.util.Optional;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.naming.ResourceKind;

/**
 * What Azure calls each kind of resource that an environment has, in the order of destruction: what uses something goes
 * before what it uses, the group last. Those without a {@link ResourceKind} watch the environment and follow the
 * policy's hyphened pattern.
 */
public enum AzureKind {
    CONSUMER_APP(ResourceKind.CONSUMER_APP, "Microsoft.App/containerApps", "2025-07-01"),
    API_APP(ResourceKind.API_APP, "Microsoft.App/containerApps", "2025-07-01"),
    MIGRATE_JOB(ResourceKind.MIGRATE_JOB, "Microsoft.App/jobs", "2025-07-01"),
    BACKFILL_JOB(ResourceKind.BACKFILL_JOB, "Microsoft.App/jobs", "2025-07-01"),
    WITHIN_JOB(ResourceKind.WITHIN_JOB, "Microsoft.App/jobs", "2025-07-01"),
    EXPORT_JOB(ResourceKind.EXPORT_JOB, "Microsoft.App/jobs", "2025-07-01"),
    FRESHNESS_ALERT("alfresh", "Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
    DEAD_LETTER_ALERT("aldead", "Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
    LATENCY_ALERT("allat", "Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
    ERROR_ALERT("alerr", "Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
    PROBE_ALERT("alprobe", "Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
    ALERT_GROUP("ag", "Microsoft.Insights/actionGroups", "2023-01-01"),
    CONTAINER_ENVIRONMENT(ResourceKind.CONTAINER_ENVIRONMENT, "Microsoft.App/managedEnvironments", "2025-07-01"),
    EVENT_HUBS(ResourceKind.EVENT_HUBS, "Microsoft.EventHub/namespaces", "2024-01-01"),
    POSTGRES(ResourceKind.POSTGRES, "Microsoft.DBforPostgreSQL/flexibleServers", "2025-08-01"),
    REGISTRY(ResourceKind.REGISTRY, "Microsoft.ContainerRegistry/registries", "2025-11-01"),
    APPLICATION_INSIGHTS(ResourceKind.APPLICATION_INSIGHTS, "Microsoft.Insights/components", "2020-02-02"),
    LOG_ANALYTICS(ResourceKind.LOG_ANALYTICS, "Microsoft.OperationalInsights/workspaces", "2025-07-01"),
    KEY_VAULT(ResourceKind.KEY_VAULT, "Microsoft.KeyVault/vaults", "2023-07-01"),
    CONSUMER_IDENTITY("idcon", "Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30"),
    API_IDENTITY("idapi", "Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30"),
    IDENTITY(ResourceKind.IDENTITY, "Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30"),
    RESOURCE_GROUP(ResourceKind.RESOURCE_GROUP, "Microsoft.Resources/resourceGroups", "2021-04-01");

    private final Optional<ResourceKind> kind;
    private final String token;
    private final String type;
    private final String apiVersion;

    AzureKind(ResourceKind kind, String type, String apiVersion) {
        this.kind = Optional.of(kind);
        this.token = kind.token();
        this.type = type;
        this.apiVersion = apiVersion;
    }

    AzureKind(String token, String type, String apiVersion) {
        this.kind = Optional.empty();
        this.token = token;
        this.type = type;
        this.apiVersion = apiVersion;
    }

    /** The kind in names and profiles; empty for what only watches. */
    public Optional<ResourceKind> resourceKind() {
        return kind;
    }

    /** What stands for the kind in a name. */
    public String token() {
        return token;
    }

    /** Azure's type, as Azure spells it. */
    public String type() {
        return type;
    }

    /** The pinned version of its interface. */
    public String apiVersion() {
        return apiVersion;
    }

    /** Its final name in that environment. */
    public String name(Naming naming) {
        return kind.map(new Names(naming)::of)
                .orElseGet(
                        () -> String.join("-", naming.team(), naming.project(), token, naming.owner(), naming.env()));
    }

    /** Whether an id of that type may be of this kind. */
    public boolean isOf(String foldedType) {
        return type.equalsIgnoreCase(foldedType);
    }

    static Optional<AzureKind> firstOf(String foldedType) {
        return Arrays.stream(values()).filter(kind -> kind.isOf(foldedType)).findFirst();
    }
}
