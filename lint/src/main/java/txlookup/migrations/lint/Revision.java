package txlookup.migrations.lint;

import java.util.List;
import txlookup.migrations.lint.sql.SqlLexer;
import txlookup.migrations.lint.sql.SqlStatement;
import txlookup.migrations.lint.sql.SqlSyntaxException;
import txlookup.migrations.lint.statement.Change;
import txlookup.migrations.lint.statement.LockMode;
import txlookup.migrations.lint.statement.SchemaHistory;
import txlookup.migrations.lint.statement.StatementReader;

/** One revision as it was read: its statements, and what each does. */
record Revision(MigrationFile file, Intent intent, List<Step> steps) {
    /**
     * One statement.
     *
     * @param changes those of tables that the revision makes itself among them
     * @param existing those of tables that are there already: somebody may be waiting for them
     */
    record Step(SqlStatement statement, List<Change> changes, List<Change> existing) {
        boolean isInTransaction() {
            return !statement.runsOutsideATransaction();
        }

        /** The strongest lock on a table that is there already. */
        LockMode strongest() {
            return existing.stream().map(Change::lock).max(LockMode::compareTo).orElse(LockMode.NONE);
        }
    }

    /**
     * Reads it; the history knows of it afterwards.
     *
     * @throws SqlSyntaxException when it is not SQL
     */
    static Revision read(MigrationFile file, SchemaHistory history) {
        history.beginRevision();
        List<SqlStatement> statements = SqlStatement.split(SqlLexer.tokens(file.sql()));
        List<Step> steps = statements.stream()
                .map(statement -> {
                    List<Change> changes = new StatementReader(history, statement.tokens()).read();
                    List<Change> existing = changes.stream()
                            .filter(change -> !change.table().isEmpty() && !history.isNew(change.table()))
                            .toList();
                    return new Step(statement, changes, existing);
                })
                .toList();
        return new Revision(file, Intent.of(statements), steps);
    }

    /** Whether it runs as one transaction; where it does not, no statement of it does. */
    boolean isOneTransaction() {
        return steps.stream().allMatch(Step::isInTransaction);
    }
}
