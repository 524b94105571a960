package txlookup.azure.template;

import java.util.Locale;
import txlookup.azure.inventory.AzureKind;

/** The program's uses, each deployed by itself when its step has come. */
public enum AppsPart {
    MIGRATE(AzureKind.MIGRATE_JOB),
    BACKFILL(AzureKind.BACKFILL_JOB),
    CONSUMER(AzureKind.CONSUMER_APP),
    API(AzureKind.API_APP);

    private final AzureKind kind;

    AppsPart(AzureKind kind) {
        this.kind = kind;
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
