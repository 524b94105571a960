package txlookup.azure.inventory;

import java.util.Map;
import java.util.Optional;

/** The pinned version of each type's interface. */
final class ApiVersions {
    /** Types whose properties say which groups they manage, or whether a name can be freed. */
    private static final Map<String, String> READ_CLOSELY = Map.of(
            "microsoft.databricks/workspaces", "2024-05-01",
            "microsoft.solutions/applications", "2021-07-01",
            "microsoft.containerservice/managedclusters", "2024-09-01",
            "microsoft.app/managedenvironments", "2025-07-01",
            "microsoft.keyvault/vaults", "2023-07-01");
    /** Added by Azure itself beside an Application Insights component. */
    private static final Map<String, String> AUTO_CREATED = Map.of(
            "microsoft.alertsmanagement/smartdetectoralertrules", "2021-04-01",
            "microsoft.insights/actiongroups", "2023-01-01");

    private ApiVersions() {}

    static Optional<String> whereThePropertiesMatter(String type) {
        return Optional.ofNullable(READ_CLOSELY.get(type));
    }

    static String of(String type) {
        return AzureKind.firstOf(type)
                .map(AzureKind::apiVersion)
                .or(() -> Optional.ofNullable(AUTO_CREATED.get(type)))
                .or(() -> whereThePropertiesMatter(type))
                .orElseThrow(() -> new IllegalArgumentException(
                        "no environment has a resource of type %s, so it is not asked for".formatted(type)));
    }
}
