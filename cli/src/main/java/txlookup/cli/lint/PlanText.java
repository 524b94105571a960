package txlookup.cli.lint;

import java.io.PrintWriter;
import txlookup.migrations.Migrations;
import txlookup.schemacheck.observe.LockMode;
import txlookup.schemacheck.observe.TableUse;
import txlookup.schemacheck.plan.MigrationPlan;
import txlookup.schemacheck.plan.MigrationPlan.PlannedRevision;
import txlookup.schemacheck.plan.MigrationPlan.PlannedStatement;

/** Shows a plan of migrations. */
final class PlanText {
    private final PrintWriter out;

    PlanText(PrintWriter out) {
        this.out = out;
    }

    void print(String schema, Migrations.Revision revision, MigrationPlan plan) {
        out.println("Schema %s is at %s, head is %s; %s"
                .formatted(
                        schema,
                        revision.current() == null ? "nothing" : revision.current(),
                        revision.head(),
                        plan.revisions().isEmpty()
                                ? "nothing to do"
                                : "%d to run".formatted(plan.revisions().size())));
        plan.revisions().forEach(this::print);
        out.flush();
    }

    private void print(PlannedRevision revision) {
        out.println("%s  %s; %s"
                .formatted(
                        revision.file(),
                        revision.inTransaction()
                                ? "one transaction, all or nothing"
                                : "outside a transaction, resumed after a kill",
                        strongest(revision.strongest())));
        for (PlannedStatement statement : revision.statements()) {
            for (TableUse use : statement.tables()) {
                out.println("  line %-4d %-24s %-28s %s; %s"
                        .formatted(
                                statement.line(),
                                use.lock().title(),
                                use.table(),
                                use.work().title(),
                                statement.beginning()));
            }
            if (statement.unknown()) {
                out.println("  line %-4d a scratch store does not show all of what this does; %s"
                        .formatted(statement.line(), statement.beginning()));
            }
        }
    }

    private static String strongest(LockMode lock) {
        if (lock == LockMode.NONE) {
            return "no table that is in use is locked";
        }
        String who = lock.blocksReaders() ? "readers and writers wait" : "writers wait";
        return lock.blocksWriters() ? who + " (" + lock.title() + ")" : "nobody waits";
    }
}
