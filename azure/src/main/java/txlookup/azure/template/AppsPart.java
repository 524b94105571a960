package txlookup.azure.template;

import java.util.Locale;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.naming.Naming;

/** The program's uses, each deployed by itself when its step has come. */
public enum AppsPart {
    MIGRATE(AzureKind.MIGRATE_JOB, AzureKind.IDENTITY.token()),
    BACKFILL(AzureKind.BACKFILL_JOB, AzureKind.IDENTITY.token()),
    /** Runs commands of those who work on the environment. */
    WITHIN(AzureKind.WITHIN_JOB, KeptParameters.IDENTITY),
    /** Exports the audit, hour by hour. */
    EXPORT(AzureKind.EXPORT_JOB, KeptParameters.IDENTITY),
    CONSUMER(AzureKind.CONSUMER_APP, AzureKind.CONSUMER_IDENTITY.token()),
    API(AzureKind.API_APP, AzureKind.API_IDENTITY.token());

    private final AzureKind kind;
    private final String identity;

    AppsPart(AzureKind kind, String identity) {
        this.kind = kind;
        this.identity = identity;
    }

    /** Whom it logs in as: jobs share one identity, each service has its own, and so has what works from within. */
    public String identityName(Naming naming) {
        return String.join("-", naming.team(), naming.project(), identity, naming.owner(), naming.env());
    }

    /** Whether its identity is one of those that outlive the environment. */
    public boolean isKept() {
        return identity.equals(KeptParameters.IDENTITY);
    }

    /** What the base's outputs begin with that tell its identity. */
    public String inOutputs() {
        return identity.equals(AzureKind.IDENTITY.token()) ? "job" : inTemplate();
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
