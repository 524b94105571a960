package txlookup.migrations.lint.statement;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads DROP of anything. */
final class DropReader {
    private static final List<String> KINDS = List.of(
            "materialized view",
            "foreign table",
            "table",
            "view",
            "sequence",
            "type",
            "domain",
            "schema",
            "function",
            "procedure",
            "extension",
            "role",
            "statistics",
            "aggregate",
            "policy",
            "rule");

    private static final Set<String> WITHOUT_A_SCHEMA = Set.of("schema", "extension", "role", "policy", "rule");

    private final SchemaHistory history;
    private final TokenCursor cursor;
    private final SqlToken at;
    private final List<Change> changes;

    DropReader(SchemaHistory history, TokenCursor cursor, SqlToken at, List<Change> changes) {
        this.history = history;
        this.cursor = cursor;
        this.at = at;
        this.changes = changes;
    }

    void read() {
        if (cursor.take("index")) {
            index();
            return;
        }
        if (cursor.take("trigger")) {
            cursor.seek("on");
            add(cursor.qualifiedName(), "DROP TRIGGER", LockMode.ACCESS_EXCLUSIVE, LintRule.DROP_OUTSIDE_CONTRACT);
            return;
        }
        for (String kind : KINDS) {
            if (cursor.take(kind)) {
                all(kind);
                return;
            }
        }
        throw new NotUnderstoodException(cursor.peek(), "this kind of DROP is not known here");
    }

    private void index() {
        boolean concurrently = cursor.take("concurrently");
        boolean onlyIfThere = cursor.take("if exists");
        do {
            String index = cursor.qualifiedName();
            LintRule rule =
                    concurrently ? (onlyIfThere ? null : LintRule.NOT_RESUMABLE) : LintRule.INDEX_NOT_CONCURRENT;
            add(
                    history.tableOf(index),
                    (concurrently ? "DROP INDEX CONCURRENTLY " : "DROP INDEX ") + index,
                    concurrently ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE,
                    rule);
        } while (cursor.take(","));
    }

    private void all(String kind) {
        cursor.take("if exists");
        boolean relation = kind.endsWith("table") || kind.endsWith("view");
        do {
            String name = WITHOUT_A_SCHEMA.contains(kind) ? cursor.name() : cursor.qualifiedName();
            cursor.take("()");
            add(
                    name,
                    "DROP %s %s".formatted(kind.toUpperCase(Locale.ROOT), name),
                    relation ? LockMode.ACCESS_EXCLUSIVE : LockMode.NONE,
                    LintRule.DROP_OUTSIDE_CONTRACT);
            for (String referenced : history.referencedBy(name)) {
                changes.add(new Change(
                        referenced,
                        null,
                        "referenced by " + name,
                        LockMode.ACCESS_EXCLUSIVE,
                        Work.CATALOGUE,
                        null,
                        at));
            }
        } while (cursor.take(","));
        if (cursor.at("cascade")) {
            changes.add(new Change(
                    "",
                    null,
                    "CASCADE drops what is not named here",
                    LockMode.NONE,
                    Work.CATALOGUE,
                    LintRule.NOT_UNDERSTOOD,
                    cursor.peek()));
        }
    }

    private void add(String table, String what, LockMode lock, LintRule rule) {
        changes.add(new Change(table, null, what, lock, Work.CATALOGUE, rule, at));
    }
}
