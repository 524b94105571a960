package txlookup.migrations.lint.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads the statements that put a table's storage in order. */
final class MaintenanceReader {
    private final SchemaHistory history;
    private final TokenCursor cursor;
    private final SqlToken at;
    private final List<Change> changes;

    MaintenanceReader(SchemaHistory history, TokenCursor cursor, SqlToken at, List<Change> changes) {
        this.history = history;
        this.cursor = cursor;
        this.at = at;
        this.changes = changes;
    }

    void read() {
        if (cursor.take("vacuum")) {
            vacuum();
        } else if (cursor.take("analyze")) {
            skipOptions();
            add(cursor.qualifiedName(), "ANALYZE", LockMode.SHARE_UPDATE_EXCLUSIVE, Work.SCAN, null);
        } else if (cursor.take("cluster")) {
            skipOptions();
            add(cursor.qualifiedName(), "CLUSTER", LockMode.ACCESS_EXCLUSIVE, Work.REWRITE, LintRule.REWRITES_TABLE);
        } else if (cursor.take("reindex")) {
            reindex();
        } else if (cursor.take("refresh materialized view")) {
            boolean concurrently = cursor.take("concurrently");
            add(
                    cursor.qualifiedName(),
                    "REFRESH MATERIALIZED VIEW",
                    concurrently ? LockMode.EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE,
                    Work.REWRITE,
                    concurrently ? null : LintRule.REWRITES_TABLE);
        } else {
            throw new NotUnderstoodException(cursor.peek(), "this statement is not known here");
        }
    }

    private void vacuum() {
        boolean full = cursor.take("full");
        if (cursor.at("(")) {
            full = cursor.inParentheses().seek("full");
        }
        skipOptions();
        add(
                cursor.qualifiedName(),
                full ? "VACUUM FULL" : "VACUUM",
                full ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE,
                full ? Work.REWRITE : Work.SCAN,
                full ? LintRule.REWRITES_TABLE : null);
    }

    private void reindex() {
        skipOptions();
        boolean index = cursor.take("index");
        if (!index && !cursor.take("table")) {
            throw new NotUnderstoodException(cursor.peek(), "name the index or the table");
        }
        boolean concurrently = cursor.take("concurrently");
        String name = cursor.qualifiedName();
        add(
                index ? history.tableOf(name) : name,
                "REINDEX " + name,
                // On the table it is SHARE; but the index is locked against everybody, and every plan opens all
                // indexes.
                concurrently ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE,
                Work.SCAN,
                // Flyway gives every REINDEX of an index a transaction, which CONCURRENTLY refuses.
                concurrently ? LintRule.NOT_RESUMABLE : LintRule.INDEX_NOT_CONCURRENT);
    }

    private void skipOptions() {
        while (cursor.at("(") || cursor.at("verbose") || cursor.at("analyze") || cursor.at("freeze")) {
            cursor.skip();
        }
    }

    private void add(String table, String what, LockMode lock, Work work, @Nullable LintRule rule) {
        changes.add(new Change(table, null, what, lock, work, rule, at));
    }
}
