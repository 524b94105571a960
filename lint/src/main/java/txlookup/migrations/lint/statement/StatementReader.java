package txlookup.migrations.lint.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/**
 * Reads what a statement does to which table. It knows the statements that migrations are made of; another one, or a clause
 * that it does not know, is {@link LintRule#NOT_UNDERSTOOD}.
 */
public final class StatementReader {
    private static final Set<String> HARMLESS_KINDS_OF_CREATE = Set.of(
            "function",
            "procedure",
            "type",
            "domain",
            "sequence",
            "schema",
            "extension",
            "aggregate",
            "operator",
            "cast",
            "collation");

    private static final Set<String> KINDS_WITH_A_SCHEMA =
            Set.of("function", "procedure", "type", "domain", "sequence", "aggregate", "collation");

    private final SchemaHistory history;
    private final List<SqlToken> statement;
    private final SqlToken at;
    private final StatementNames names;
    private final TokenCursor cursor;
    private final List<Change> changes = new ArrayList<>();

    public StatementReader(SchemaHistory history, List<SqlToken> statement) {
        this.history = history;
        this.statement = statement;
        this.at = statement.get(0);
        this.names = history.names();
        this.cursor = new TokenCursor(statement, names);
    }

    /** What the statement does, in the order in which it is written; the history knows of it afterwards. */
    public List<Change> read() {
        try {
            dispatch();
        } catch (NotUnderstoodException e) {
            SqlToken where = e.token().line() == 0 ? at : e.token();
            add(
                    "",
                    "%s: %s".formatted(where.text(), e.getMessage()),
                    LockMode.NONE,
                    Work.CATALOGUE,
                    LintRule.NOT_UNDERSTOOD);
        }
        names.scan(statement);
        changes.addAll(names.broken());
        return List.copyOf(changes);
    }

    private void dispatch() {
        if (cursor.take("create")) {
            create();
        } else if (cursor.take("alter table")) {
            new AlterTableReader(history, cursor, at, changes).read();
        } else if (cursor.take("alter index")) {
            alterIndex();
        } else if (cursor.take("alter type")) {
            alterType();
        } else if (cursor.take("drop")) {
            new DropReader(history, cursor, at, changes).read();
        } else if (cursor.at("insert")
                || cursor.at("select")
                || cursor.at("update")
                || cursor.at("delete")
                || cursor.at("merge")
                || cursor.at("with")
                || cursor.at("truncate")) {
            new RowsReader(history, cursor, at, changes).read();
        } else if (cursor.take("lock")) {
            lock();
        } else if (cursor.take("comment on")) {
            comment();
        } else if (cursor.take("grant")) {
            return;
        } else if (cursor.take("revoke")) {
            revoke();
        } else if (cursor.at("set") || cursor.at("reset")) {
            setting();
        } else {
            new MaintenanceReader(history, cursor, at, changes).read();
        }
    }

    private void create() {
        cursor.take("or replace");
        if (cursor.take("unique index") || cursor.take("index")) {
            createIndex();
            return;
        }
        boolean temporary = cursor.take("temporary") || cursor.take("temp");
        if (!temporary) {
            cursor.take("unlogged");
        }
        if (cursor.take("table")) {
            new CreateTableReader(history, cursor, at, changes, temporary).read();
            return;
        }
        if (history.isOfGenerations() && !cursor.at("statistics")) {
            String kind = cursor.peek().text();
            add("", "CREATE " + kind.toUpperCase(Locale.ROOT), LockMode.NONE, Work.CATALOGUE, LintRule.ONLY_TABLES);
        }
        if (cursor.take("materialized view") || cursor.take("view")) {
            createView();
        } else if (cursor.take("trigger") || cursor.take("constraint trigger")) {
            createTrigger();
        } else if (cursor.take("statistics")) {
            cursor.seek("from");
            add(cursor.qualifiedName(), "CREATE STATISTICS", LockMode.SHARE_UPDATE_EXCLUSIVE, Work.CATALOGUE, null);
        } else if (!HARMLESS_KINDS_OF_CREATE.contains(cursor.peek().text())) {
            throw new NotUnderstoodException(cursor.peek(), "this kind of CREATE is not known here");
        } else if (KINDS_WITH_A_SCHEMA.contains(cursor.next().text())) {
            cursor.take("if not exists");
            cursor.qualifiedName();
        }
    }

    private void createIndex() {
        boolean concurrently = cursor.take("concurrently");
        boolean onlyIfMissing = cursor.take("if not exists");
        String name = cursor.at("on") ? "" : cursor.name();
        cursor.take("on");
        cursor.take("only");
        String table = cursor.qualifiedName();
        String schema = table.substring(0, table.lastIndexOf('.') + 1);
        history.indexed(schema + name, table);
        add(
                table,
                concurrently ? "CREATE INDEX CONCURRENTLY " + name : "CREATE INDEX " + name,
                concurrently ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.SHARE,
                Work.SCAN,
                concurrently ? (onlyIfMissing ? null : LintRule.NOT_RESUMABLE) : LintRule.INDEX_NOT_CONCURRENT);
    }

    private void createView() {
        cursor.take("if not exists");
        String name = cursor.qualifiedName();
        for (String table : RowsReader.tablesReadBy(cursor)) {
            add(table, "CREATE VIEW " + name, LockMode.ACCESS_SHARE, Work.CATALOGUE, null);
        }
        history.created(name, List.of());
    }

    private void createTrigger() {
        String name = cursor.name();
        cursor.seek("on");
        add(
                cursor.qualifiedName(),
                "CREATE TRIGGER " + name,
                LockMode.SHARE_ROW_EXCLUSIVE,
                Work.CATALOGUE,
                LintRule.TRIGGER_ON_FILLED_TABLE);
        if (cursor.seek("execute function")) {
            cursor.qualifiedName();
        }
    }

    private void alterIndex() {
        cursor.take("if exists");
        String index = cursor.qualifiedName();
        if (cursor.at("rename to") || cursor.at("set (") || cursor.at("reset (")) {
            return;
        }
        throw new NotUnderstoodException(cursor.peek(), "this change of index %s is not known here".formatted(index));
    }

    private void alterType() {
        String type = cursor.qualifiedName();
        if (cursor.take("add value")) {
            return;
        }
        if (cursor.at("rename")) {
            add(type, "ALTER TYPE ... RENAME", LockMode.NONE, Work.CATALOGUE, LintRule.RENAME_OUTSIDE_CONTRACT);
            return;
        }
        throw new NotUnderstoodException(cursor.peek(), "this change of type %s is not known here".formatted(type));
    }

    private void lock() {
        cursor.take("table");
        cursor.take("only");
        List<String> tables = new ArrayList<>();
        do {
            tables.add(cursor.qualifiedName());
        } while (cursor.take(","));
        LockMode mode = LockMode.ACCESS_EXCLUSIVE;
        if (cursor.take("in")) {
            StringBuilder words = new StringBuilder();
            while (!cursor.at("mode") && !cursor.atEnd()) {
                words.append(words.isEmpty() ? "" : "_").append(cursor.next().text());
            }
            mode = LockMode.valueOf(words.toString().toUpperCase(Locale.ROOT));
        }
        for (String table : tables) {
            add(table, "LOCK TABLE", mode, Work.CATALOGUE, mode.blocksWriters() ? LintRule.EXPLICIT_LOCK : null);
        }
    }

    private void comment() {
        if (cursor.take("table") || cursor.take("view")) {
            add(cursor.qualifiedName(), "COMMENT", LockMode.SHARE_UPDATE_EXCLUSIVE, Work.CATALOGUE, null);
        } else if (cursor.take("column")) {
            add(cursor.tableOfColumn(), "COMMENT", LockMode.SHARE_UPDATE_EXCLUSIVE, Work.CATALOGUE, null);
        } else if (cursor.take("index")) {
            cursor.qualifiedName();
        }
    }

    private void revoke() {
        cursor.seek("on");
        cursor.take("table");
        for (String kind : List.of("function", "schema", "sequence", "all", "database", "type")) {
            if (cursor.at(kind)) {
                add("", "REVOKE ON " + kind, LockMode.NONE, Work.CATALOGUE, LintRule.TAKES_ACCESS_AWAY);
                return;
            }
        }
        do {
            add(cursor.qualifiedName(), "REVOKE", LockMode.NONE, Work.CATALOGUE, LintRule.TAKES_ACCESS_AWAY);
        } while (cursor.take(","));
    }

    private void setting() {
        boolean reset = cursor.take("reset");
        cursor.take("set");
        cursor.take("local");
        cursor.take("session");
        if (cursor.at("lock_timeout") || cursor.at("statement_timeout") || cursor.at("all")) {
            String name = cursor.next().text();
            cursor.next();
            if (reset || cursor.at("default") || cursor.peek().text().matches("0+ *(ms|s|min|h|d)?")) {
                add("", name + " without a bound", LockMode.NONE, Work.CATALOGUE, LintRule.MISSING_TIMEOUT);
            }
        } else if (!cursor.at("search_path") && !cursor.at("maintenance_work_mem") && !cursor.at("work_mem")) {
            throw new NotUnderstoodException(cursor.peek(), "this setting is not known here");
        }
    }

    private void add(String table, String what, LockMode lock, Work work, @Nullable LintRule rule) {
        changes.add(new Change(table, null, what, lock, work, rule, at));
    }
}
