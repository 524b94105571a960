package txlookup.rebuild.platform;

/** Why a rebuild is a NO_GO: exactly one of these is named (docs/policy.md, Gates). */
public enum FailureCause {
    ENVIRONMENT_BLOCKED("the environment's resources or their connection"),
    MIGRATION_FAILED("the schema"),
    BACKFILL_FAILED("the extract, or loading it"),
    SYNC_FAILED("the stream"),
    SMOKE_FAILED("the API's answers"),
    IDEMPOTENCY_FAILED("the store against what was delivered"),
    MONITORING_FAILED("metrics and alerts"),
    SLO_FAILED("the service's quality");

    private final String concerns;

    FailureCause(String concerns) {
        this.concerns = concerns;
    }

    /** What the cause is about, for people. */
    public String concerns() {
        return concerns;
    }
}
