package txlookup.rebuild.steps;

import java.util.List;
import txlookup.rebuild.platform.FailureCause;

/** The seven steps in their order (docs/policy.md, Order of a rebuild). */
public enum Step {
    CREATE("create the resources", FailureCause.ENVIRONMENT_BLOCKED),
    SECRETS("inject secrets and connection data", FailureCause.ENVIRONMENT_BLOCKED),
    MIGRATE("schemas to head", FailureCause.MIGRATION_FAILED),
    BACKFILL("pin the cutover, backfill", FailureCause.BACKFILL_FAILED),
    CONSUME("start the consumers, catch up", FailureCause.SYNC_FAILED),
    SMOKE("smoke test of the API", FailureCause.SMOKE_FAILED),
    MONITOR("check monitoring", FailureCause.MONITORING_FAILED);

    private final String title;
    private final FailureCause cause;

    Step(String title, FailureCause cause) {
        this.title = title;
        this.cause = cause;
    }

    /** The step in a few words. */
    public String title() {
        return title;
    }

    /** What a failure of this step is called in a NO_GO. */
    public FailureCause cause() {
        return cause;
    }

    /** From 1 to 7. */
    public int number() {
        return List.of(values()).indexOf(this) + 1;
    }
}
