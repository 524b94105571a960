package txlookup.migrations.lint.statement;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads ALTER TABLE, action by action. */
final class AlterTableReader {
    private final SchemaHistory history;
    private final TokenCursor cursor;
    private final SqlToken at;
    private final List<Change> changes;
    private String table = "";

    AlterTableReader(SchemaHistory history, TokenCursor cursor, SqlToken at, List<Change> changes) {
        this.history = history;
        this.cursor = cursor;
        this.at = at;
        this.changes = changes;
    }

    void read() {
        cursor.take("if exists");
        cursor.take("only");
        table = cursor.qualifiedName();
        for (TokenCursor action : cursor.splitAtCommas()) {
            action(action);
        }
    }

    private void action(TokenCursor action) {
        SqlToken where = action.peek();
        if (action.take("add")) {
            add(action, where);
        } else if (action.take("drop constraint")) {
            action.take("if exists");
            String constraint = action.name();
            history.dropped(table, constraint);
            change("DROP CONSTRAINT " + constraint, LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, null, where);
            history.referencedBy(table, constraint)
                    .ifPresent(referenced -> changes.add(new Change(
                            referenced,
                            null,
                            "DROP CONSTRAINT " + constraint,
                            LockMode.ACCESS_EXCLUSIVE,
                            Work.CATALOGUE,
                            null,
                            where)));
        } else if (action.take("drop")) {
            action.take("column");
            action.take("if exists");
            String column = action.name();
            change(
                    "DROP COLUMN " + column,
                    LockMode.ACCESS_EXCLUSIVE,
                    Work.CATALOGUE,
                    LintRule.DROP_OUTSIDE_CONTRACT,
                    where);
        } else if (action.take("rename") || action.take("set schema")) {
            change("RENAME", LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, LintRule.RENAME_OUTSIDE_CONTRACT, where);
        } else if (action.take("alter")) {
            action.take("column");
            alterColumn(action, action.name(), where);
        } else if (action.take("validate constraint")) {
            String constraint = action.name();
            history.validated(table, constraint);
            change("VALIDATE CONSTRAINT " + constraint, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.SCAN, null, where);
        } else {
            ofTheWholeTable(action, where);
        }
    }

    private void add(TokenCursor action, SqlToken where) {
        String name = "";
        if (action.take("constraint")) {
            name = action.name();
        }
        if (action.take("check")) {
            String column = notNullColumn(action.inParentheses());
            constraint(action, name, column, "CHECK", where);
        } else if (action.take("not null")) {
            constraint(action, name, action.name(), "NOT NULL", where);
        } else if (action.take("foreign key")) {
            action.seek("references");
            foreignKey(action.qualifiedName(), name, action.seek("not valid"), where);
        } else if (action.at("unique") || action.at("primary key") || action.at("exclude")) {
            indexConstraint(action, where);
        } else {
            action.take("column");
            action.take("if not exists");
            column(ColumnDefinition.read(action), where);
        }
    }

    /** The column of {@code column IS NOT NULL}; null for another condition. */
    private static @Nullable String notNullColumn(TokenCursor condition) {
        List<SqlToken> tokens = condition.rest();
        while (tokens.size() > 2
                && tokens.get(0).is("(")
                && tokens.get(tokens.size() - 1).is(")")) {
            tokens = tokens.subList(1, tokens.size() - 1);
        }
        boolean isNotNull = tokens.size() == 4
                && tokens.get(0).isName()
                && tokens.get(1).is("is")
                && tokens.get(2).is("not")
                && tokens.get(3).is("null");
        return isNotNull ? tokens.get(0).text() : null;
    }

    private void constraint(
            TokenCursor action, String name, @Nullable String notNullColumn, String kind, SqlToken where) {
        boolean notValid = action.seek("not valid");
        if (notNullColumn != null) {
            history.checksNotNull(table, name, notNullColumn);
            if (!notValid) {
                history.proven(table, notNullColumn);
            }
        }
        change(
                "ADD %s %s%s".formatted(kind, name, notValid ? " NOT VALID" : ""),
                LockMode.ACCESS_EXCLUSIVE,
                notValid ? Work.CATALOGUE : Work.SCAN,
                notValid ? null : LintRule.CONSTRAINT_NOT_VALID,
                where);
    }

    private void foreignKey(String referenced, String name, boolean notValid, SqlToken where) {
        history.references(table, name, referenced);
        String what = "ADD FOREIGN KEY %s%s".formatted(name, notValid ? " NOT VALID" : "");
        change(
                what,
                LockMode.SHARE_ROW_EXCLUSIVE,
                notValid ? Work.CATALOGUE : Work.SCAN,
                notValid ? null : LintRule.CONSTRAINT_NOT_VALID,
                where);
        changes.add(new Change(referenced, null, what, LockMode.SHARE_ROW_EXCLUSIVE, Work.CATALOGUE, null, where));
    }

    private void indexConstraint(TokenCursor action, SqlToken where) {
        boolean primaryKey = action.at("primary key");
        boolean ready = action.seek("using index") && !action.at("tablespace");
        boolean scans = !ready || primaryKey;
        change(
                primaryKey ? "ADD PRIMARY KEY" : "ADD UNIQUE or EXCLUDE",
                LockMode.ACCESS_EXCLUSIVE,
                scans ? Work.SCAN : Work.CATALOGUE,
                scans ? LintRule.CONSTRAINT_BUILDS_INDEX : null,
                where);
    }

    private void column(ColumnDefinition column, SqlToken where) {
        String what = "ADD COLUMN " + column.name();
        List<SqlToken> defaultValue = Objects.requireNonNullElse(column.defaultValue(), List.of());
        if (column.storedOrIdentity() || column.isSerial() || !DefaultExpression.isSameForEveryRow(defaultValue)) {
            change(
                    what + " with a value of its own in each row",
                    LockMode.ACCESS_EXCLUSIVE,
                    Work.REWRITE,
                    LintRule.REWRITES_TABLE,
                    where);
        } else if (column.notNull() && defaultValue.isEmpty()) {
            change(what + " NOT NULL", LockMode.ACCESS_EXCLUSIVE, Work.SCAN, LintRule.ADD_COLUMN_NOT_NULL, where);
        } else if (column.unique() || column.primaryKey()) {
            change(what + " UNIQUE", LockMode.ACCESS_EXCLUSIVE, Work.SCAN, LintRule.CONSTRAINT_BUILDS_INDEX, where);
        } else if (column.check()) {
            change(what + " with CHECK", LockMode.ACCESS_EXCLUSIVE, Work.SCAN, LintRule.CONSTRAINT_NOT_VALID, where);
        } else if (column.references() != null && !defaultValue.isEmpty()) {
            change(what + " REFERENCES", LockMode.ACCESS_EXCLUSIVE, Work.SCAN, LintRule.CONSTRAINT_NOT_VALID, where);
        } else {
            change(what, LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, null, where);
        }
        if (column.references() != null) {
            history.references(table, "of column " + column.name(), column.references());
            changes.add(new Change(
                    column.references(),
                    null,
                    what + " REFERENCES",
                    LockMode.SHARE_ROW_EXCLUSIVE,
                    Work.CATALOGUE,
                    null,
                    where));
        }
        if (history.isGenerationColumn(column.name())) {
            change(what, LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, LintRule.GENERATION_COLUMN, where);
        }
        if (column.isLossy()) {
            change(
                    "column %s is %s".formatted(column.name(), column.type()),
                    LockMode.ACCESS_EXCLUSIVE,
                    Work.CATALOGUE,
                    LintRule.LOSSY_TYPE,
                    column.typeAt());
        }
    }

    private void alterColumn(TokenCursor action, String column, SqlToken where) {
        if (action.take("type") || action.take("set data type")) {
            change("TYPE of " + column, LockMode.ACCESS_EXCLUSIVE, Work.REWRITE, LintRule.TYPE_CHANGE, where);
        } else if (action.take("set not null")) {
            boolean proven = history.isProvenNotNull(table, column);
            change(
                    "SET NOT NULL on " + column,
                    LockMode.ACCESS_EXCLUSIVE,
                    proven ? Work.CATALOGUE : Work.SCAN,
                    proven ? null : LintRule.SET_NOT_NULL,
                    where);
        } else if (action.take("add generated")) {
            change("ADD GENERATED on " + column, LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, null, where);
        } else if (action.take("set expression")) {
            change(
                    "SET EXPRESSION of " + column,
                    LockMode.ACCESS_EXCLUSIVE,
                    Work.REWRITE,
                    LintRule.REWRITES_TABLE,
                    where);
        } else if (action.take("set statistics") || action.at("set (") || action.at("reset (")) {
            change("statistics of " + column, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.CATALOGUE, null, where);
        } else if (action.at("drop not null")
                || action.at("drop default")
                || action.at("set default")
                || action.at("set storage")
                || action.at("set compression")) {
            String what = action.next().text() + " " + action.next().text();
            change(what + " on " + column, LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, null, where);
        } else {
            throw new NotUnderstoodException(
                    action.peek(), "this change of column %s is not known here".formatted(column));
        }
    }

    private void ofTheWholeTable(TokenCursor action, SqlToken where) {
        if (action.at("set (") || action.at("reset (")) {
            change("storage parameters", LockMode.SHARE_UPDATE_EXCLUSIVE, Work.CATALOGUE, null, where);
        } else if (action.at("set logged")
                || action.at("set unlogged")
                || action.at("set tablespace")
                || action.at("set access method")) {
            change("SET " + lastWord(action), LockMode.ACCESS_EXCLUSIVE, Work.REWRITE, LintRule.REWRITES_TABLE, where);
        } else if (action.at("enable row level security") || action.at("force row level security")) {
            change("ROW LEVEL SECURITY", LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, LintRule.TAKES_ACCESS_AWAY, where);
        } else if (action.at("owner to")) {
            change("OWNER TO", LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE, LintRule.TAKES_ACCESS_AWAY, where);
        } else if (action.take("enable") || action.take("disable")) {
            if (!action.seek("trigger")) {
                throw new NotUnderstoodException(where, "only triggers are known here");
            }
            change(
                    "ENABLE or DISABLE TRIGGER",
                    LockMode.SHARE_ROW_EXCLUSIVE,
                    Work.CATALOGUE,
                    LintRule.TRIGGER_ON_FILLED_TABLE,
                    where);
        } else {
            throw new NotUnderstoodException(where, "this action of ALTER TABLE is not known here");
        }
    }

    private static String lastWord(TokenCursor action) {
        action.next();
        return action.next().text().toUpperCase(java.util.Locale.ROOT);
    }

    private void change(String what, LockMode lock, Work work, @Nullable LintRule rule, SqlToken where) {
        changes.add(new Change(table, null, what, lock, work, rule, where.line() == 0 ? at : where));
    }
}
