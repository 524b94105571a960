package txlookup.migrations.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.sql.SqlSyntaxException;
import txlookup.migrations.lint.statement.Change;
import txlookup.migrations.lint.statement.LockMode;
import txlookup.migrations.lint.statement.SchemaHistory;
import txlookup.migrations.lint.statement.Work;

/**
 * What revisions will do when they run: statement by statement, with the locks that each takes on tables that are there by
 * then. Which lock a statement takes is {@code StatementReader}'s knowledge; it is compared with {@code pg_locks} for every
 * file of the lint's corpus.
 *
 * @param revisions in the order in which they will run
 */
public record MigrationPlan(List<PlannedRevision> revisions) {
    public MigrationPlan {
        revisions = List.copyOf(revisions);
    }

    /**
     * One revision.
     *
     * @param inTransaction whether it is all or nothing; where it is not, it can be run again from its start
     */
    public record PlannedRevision(String file, boolean inTransaction, List<PlannedStatement> statements) {
        /** The strongest lock on a table that is there already. */
        public LockMode strongest() {
            return statements.stream()
                    .flatMap(statement -> statement.locks().stream())
                    .map(TableLock::lock)
                    .max(LockMode::compareTo)
                    .orElse(LockMode.NONE);
        }
    }

    /**
     * One statement.
     *
     * @param beginning its first words
     * @param locks on tables that are there already; empty when nobody can be waiting for it
     * @param unknown whether it does something that cannot be read from it
     */
    public record PlannedStatement(int line, String beginning, List<TableLock> locks, boolean unknown) {}

    /** A lock and what is done under it, to the end of the revision's transaction. */
    public record TableLock(String table, LockMode lock, Work work) {}

    /**
     * The plan of a folder's revisions after that version.
     *
     * @param schema the schema that they will run in
     * @param current the version that the database is at; null for an empty one
     * @throws IllegalArgumentException when a file is not SQL
     */
    public static MigrationPlan of(MigrationFolder folder, String schema, @Nullable String current) {
        int from = Integer.parseInt(Objects.requireNonNullElse(current, "0"));
        SchemaHistory history = new SchemaHistory(folder.set(), schema);
        List<PlannedRevision> planned = new ArrayList<>();
        boolean fromNothing = current == null;
        for (MigrationFile file : folder.revisions()) {
            Revision revision = read(file, history);
            if (file.version().orElse(Integer.MAX_VALUE) > from) {
                planned.add(new PlannedRevision(
                        file.name(),
                        revision.isOneTransaction(),
                        revision.steps().stream()
                                .map(step -> statement(step, fromNothing))
                                .toList()));
            }
        }
        return new MigrationPlan(planned);
    }

    private static Revision read(MigrationFile file, SchemaHistory history) {
        try {
            return Revision.read(file, history);
        } catch (SqlSyntaxException e) {
            throw new IllegalArgumentException(
                    "%s:%d:%d is not SQL: %s".formatted(file.path(), e.line(), e.column(), e.getMessage()), e);
        }
    }

    /** In an empty database no table has rows, nor anybody who could wait. */
    private static PlannedStatement statement(Revision.Step step, boolean fromNothing) {
        Map<String, TableLock> locks = new TreeMap<>();
        for (Change change : fromNothing ? List.<Change>of() : step.existing()) {
            if (change.lock() != LockMode.NONE) {
                locks.merge(
                        change.table(),
                        new TableLock(change.table(), change.lock(), change.work()),
                        MigrationPlan::stronger);
            }
        }
        return new PlannedStatement(
                step.statement().first().line(),
                step.statement().beginning(),
                List.copyOf(locks.values()),
                step.changes().stream().anyMatch(change -> change.rule() == LintRule.NOT_UNDERSTOOD));
    }

    private static TableLock stronger(TableLock one, TableLock other) {
        return new TableLock(
                one.table(),
                one.lock().compareTo(other.lock()) >= 0 ? one.lock() : other.lock(),
                one.work().compareTo(other.work()) >= 0 ? one.work() : other.work());
    }
}
