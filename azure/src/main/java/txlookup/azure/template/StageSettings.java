package txlookup.azure.template;

import txlookup.profiles.Profile;
import txlookup.profiles.Stage;

/**
 * What differs between the stages, each in full (docs/policy.md, "Stages"): one is never made from the other by
 * hardening or loosening what is there.
 *
 * @param vaultRetentionDays days for which a deleted vault can be recovered
 * @param vaultPurgeProtection never where the environment is disposable: it would hold the vault's name
 *     (docs/azure-facts.md, B)
 * @param registrySku private endpoints need Premium
 * @param highAvailability a standby of PostgreSQL
 * @param privateNetwork whether the public endpoints are closed
 */
record StageSettings(
        int vaultRetentionDays,
        boolean vaultPurgeProtection,
        int logRetentionDays,
        String registrySku,
        String postgresSku,
        String postgresTier,
        int storageGb,
        int backupDays,
        String highAvailability,
        boolean privateNetwork) {
    private static final int CLUSTER_NODE_GB = 128;
    private static final StageSettings CLOUD_TEST =
            new StageSettings(7, false, 30, "Basic", "Standard_B2s", "Burstable", 32, 7, "Disabled", false);
    private static final StageSettings CLOUD_SECURE = new StageSettings(
            90, true, 90, "Premium", "Standard_D4ds_v5", "GeneralPurpose", 128, 14, "ZoneRedundant", true);

    static StageSettings of(Profile profile) {
        StageSettings settings = of(profile.stage());
        return profile.database().isSpread() ? settings.ofACluster() : settings;
    }

    /**
     * Nodes are of the size that Microsoft's own templates give them: whether a burstable one is taken is contested
     * (docs/azure-facts.md, B). Their disks do not grow by themselves.
     */
    private StageSettings ofACluster() {
        return new StageSettings(
                vaultRetentionDays,
                vaultPurgeProtection,
                logRetentionDays,
                registrySku,
                "Standard_D4ds_v5",
                "GeneralPurpose",
                CLUSTER_NODE_GB,
                backupDays,
                highAvailability,
                privateNetwork);
    }

    private static StageSettings of(Stage stage) {
        return switch (stage) {
            case CLOUD_TEST -> CLOUD_TEST;
            case CLOUD_SECURE -> CLOUD_SECURE;
            case LOCAL -> throw new IllegalArgumentException("stage local has no resources in Azure");
        };
    }
}
