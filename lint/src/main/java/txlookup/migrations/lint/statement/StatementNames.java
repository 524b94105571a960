package txlookup.migrations.lint.statement;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import txlookup.migrations.Migrations;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.RevisionSet;
import txlookup.migrations.lint.sql.SqlToken;

/** The names in one statement: what each stands for, and which are not written as their set of revisions writes names. */
final class StatementNames {
    /** Everybody has them, and no revision changes them. */
    private static final Set<String> SCHEMAS_OF_EVERYBODY = Set.of("pg_catalog", "pg_temp");

    private final RevisionSet set;
    private final String schema;
    private final Map<SqlToken, LintRule> broken = new LinkedHashMap<>();

    /** @param schema of a name that stands alone in a generation's revisions; empty where it is any generation's */
    StatementNames(RevisionSet set, String schema) {
        this.set = set;
        this.schema = schema;
    }

    /** A name with its schema. */
    String full(List<SqlToken> parts) {
        SqlToken first = parts.get(0);
        boolean alone = parts.size() == 1;
        if (set == RevisionSet.CONTROL && alone) {
            broken.put(first, LintRule.UNQUALIFIED_NAME);
        } else if (!alone && !SCHEMAS_OF_EVERYBODY.contains(first.text()) && !isOwn(first)) {
            broken.put(first, LintRule.NAME_OF_ANOTHER_SCHEMA);
        }
        String written = parts.stream().map(SqlToken::text).collect(Collectors.joining("."));
        return alone && !schema.isEmpty() ? schema + "." + written : written;
    }

    private boolean isOwn(SqlToken schemaName) {
        return set == RevisionSet.CONTROL && schemaName.text().equals(Migrations.CONTROL);
    }

    /** Finds the control schema wherever a generation's revision names it, such as in a default. */
    void scan(List<SqlToken> statement) {
        for (int i = 0; i + 1 < statement.size(); i++) {
            SqlToken token = statement.get(i);
            boolean inFront = token.isName()
                    && statement.get(i + 1).is(".")
                    && (i == 0 || !statement.get(i - 1).is("."));
            if (set == RevisionSet.GENERATION && inFront && token.text().equals(Migrations.CONTROL)) {
                broken.put(token, LintRule.NAME_OF_ANOTHER_SCHEMA);
            }
        }
    }

    List<Change> broken() {
        return broken.entrySet().stream()
                .map(name -> new Change(
                        "", null, name.getKey().text(), LockMode.NONE, Work.CATALOGUE, name.getValue(), name.getKey()))
                .toList();
    }
}
