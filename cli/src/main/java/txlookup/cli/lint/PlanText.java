package txlookup.cli.lint;

import java.io.PrintWriter;
import java.util.Locale;
import txlookup.migrations.Migrations;
import txlookup.migrations.lint.MigrationPlan;
import txlookup.migrations.lint.MigrationPlan.PlannedRevision;
import txlookup.migrations.lint.MigrationPlan.PlannedStatement;
import txlookup.migrations.lint.MigrationPlan.TableLock;
import txlookup.migrations.lint.statement.LockMode;

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
            for (TableLock lock : statement.locks()) {
                out.println("  line %-4d %-24s %-28s %s; %s"
                        .formatted(
                                statement.line(),
                                lock.lock().title(),
                                lock.table(),
                                lock.work().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                statement.beginning()));
            }
            if (statement.unknown()) {
                out.println("  line %-4d what this does cannot be read from it; %s"
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
