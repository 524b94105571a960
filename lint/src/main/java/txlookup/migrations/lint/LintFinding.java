package txlookup.migrations.lint;

import txlookup.migrations.lint.sql.SqlToken;

/**
 * A rule that a revision breaks.
 *
 * @param file as the report shows it
 * @param line from 1
 * @param column from 1
 * @param message what was seen, and why that is refused
 */
public record LintFinding(LintRule rule, String file, int line, int column, String message) {
    static LintFinding at(LintRule rule, MigrationFile file, SqlToken token, String what) {
        return new LintFinding(
                rule,
                file.path(),
                Math.max(1, token.line()),
                Math.max(1, token.column()),
                "%s: %s".formatted(what, rule.why()));
    }
}
