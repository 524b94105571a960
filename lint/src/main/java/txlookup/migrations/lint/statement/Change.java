package txlookup.migrations.lint.statement;

import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/**
 * What one statement does to one table.
 *
 * @param table with its schema
 * @param column where the rule depends on one; null otherwise
 * @param what the change in SQL's words
 * @param lock the lock that it takes on the table and holds to the transaction's end
 * @param rule what it breaks when the table is there already; null when nothing
 * @param at where it is written
 */
public record Change(
        String table,
        @Nullable String column,
        String what,
        LockMode lock,
        Work work,
        @Nullable LintRule rule,
        SqlToken at) {
    boolean touches(String other) {
        return table.equals(other);
    }
}
