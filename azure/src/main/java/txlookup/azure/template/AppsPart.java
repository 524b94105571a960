package txlookup.azure.template;

import java.util.Locale;
import txlookup.azure.inventory.AzureKind;

/** The program's uses, each deployed by itself when its step has come. */
public enum AppsPart {
    MIGRATE(AzureKind.MIGRATE_JOB, AzureKind.IDENTITY),
    BACKFILL(AzureKind.BACKFILL_JOB, AzureKind.IDENTITY),
    CONSUMER(AzureKind.CONSUMER_APP, AzureKind.CONSUMER_IDENTITY),
    API(AzureKind.API_APP, AzureKind.API_IDENTITY);

    private final AzureKind kind;
    private final AzureKind identity;

    AppsPart(AzureKind kind, AzureKind identity) {
        this.kind = kind;
        this.identity = identity;
    }

    /** Whom it logs in as: jobs share one identity, each service has its own. */
    public AzureKind identity() {
        return identity;
    }

    /** What the base's outputs begin with that tell its identity. */
    public String inOutputs() {
        return identity == AzureKind.IDENTITY ? "job" : inTemplate();
    }

    /** What it is in Azure. */
    public AzureKind kind() {
        return kind;
    }

    /** Its name in the template. */
    public String inTemplate() {
        return name().toLowerCase(Locale.ROOT);
    }
}
