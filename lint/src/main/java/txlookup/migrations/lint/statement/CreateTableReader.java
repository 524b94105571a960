package txlookup.migrations.lint.statement;

import java.util.ArrayList;
import java.util.List;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads CREATE TABLE: what it makes, and which tables that are there it leans on. */
final class CreateTableReader {
    private final SchemaHistory history;
    private final TokenCursor cursor;
    private final SqlToken at;
    private final List<Change> changes;
    private final boolean temporary;

    CreateTableReader(SchemaHistory history, TokenCursor cursor, SqlToken at, List<Change> changes, boolean temporary) {
        this.history = history;
        this.cursor = cursor;
        this.at = at;
        this.changes = changes;
        this.temporary = temporary;
    }

    void read() {
        cursor.take("if not exists");
        String table = cursor.qualifiedName();
        List<String> key = new ArrayList<>();
        if (cursor.at("partition of") || cursor.at("of")) {
            throw new NotUnderstoodException(cursor.peek(), "partitions and typed tables are not known here");
        }
        if (cursor.at("(")) {
            for (TokenCursor part : cursor.inParentheses().splitAtCommas()) {
                element(table, part, key);
            }
        }
        if (cursor.at("inherits")) {
            throw new NotUnderstoodException(cursor.peek(), "inheritance is not known here");
        }
        for (String read : RowsReader.tablesReadBy(cursor)) {
            changes.add(new Change(read, null, "read by CREATE TABLE AS", LockMode.ACCESS_SHARE, Work.SCAN, null, at));
        }
        history.created(table, key);
    }

    private void element(String table, TokenCursor part, List<String> key) {
        if (part.take("like")) {
            lean(part.qualifiedName(), "LIKE in CREATE TABLE " + table, LockMode.ACCESS_SHARE);
            return;
        }
        if (part.take("constraint")) {
            part.name();
        }
        if (part.take("primary key")) {
            part.inParentheses().splitAtCommas().forEach(column -> key.add(column.name()));
        } else if (part.take("foreign key")) {
            part.seek("references");
            references(table, part.qualifiedName());
        } else if (!part.at("check") && !part.at("unique") && !part.at("exclude") && !part.at("not null")) {
            if (part.atEnd()) {
                return;
            }
            column(table, ColumnDefinition.read(part), key);
        }
    }

    private void column(String table, ColumnDefinition column, List<String> key) {
        if (column.primaryKey()) {
            key.add(column.name());
        }
        if (column.references() != null) {
            references(table, column.references());
        }
        if (history.isGenerationColumn(column.name())) {
            changes.add(new Change(
                    table,
                    column.name(),
                    "column " + column.name(),
                    LockMode.NONE,
                    Work.CATALOGUE,
                    LintRule.GENERATION_COLUMN,
                    at));
        }
        if (column.isLossy() && !temporary) {
            changes.add(new Change(
                    table,
                    column.name(),
                    "column %s is %s".formatted(column.name(), column.type()),
                    LockMode.NONE,
                    Work.CATALOGUE,
                    LintRule.LOSSY_TYPE,
                    column.typeAt()));
        }
    }

    private void references(String table, String referenced) {
        if (!referenced.equals(table)) {
            history.references(table, "to " + referenced, referenced);
            lean(referenced, "referenced by CREATE TABLE " + table, LockMode.SHARE_ROW_EXCLUSIVE);
        }
    }

    private void lean(String table, String what, LockMode lock) {
        changes.add(new Change(table, null, what, lock, Work.CATALOGUE, null, at));
    }
}
