package txlookup.migrations.lint;

/**
 * A rule that a revision breaks.
 *
 * @param file as the report shows it
 * @param line from 1
 * @param column from 1
 * @param message what was seen, and why that is refused
 */
public record Finding(Rule rule, String file, int line, int column, String message) {
    static Finding at(Rule rule, MigrationFile file, SqlToken token, String what) {
        return new Finding(
                rule,
                file.path(),
                Math.max(1, token.line()),
                Math.max(1, token.column()),
                "%s: %s".formatted(what, rule.why()));
    }
}
