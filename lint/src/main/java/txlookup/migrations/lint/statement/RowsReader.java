package txlookup.migrations.lint.statement;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.LintRule;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads the statements that read or write rows. */
final class RowsReader {
    private static final Set<String> CALLS_THAT_ONLY_READ = Set.of(
            "count",
            "min",
            "max",
            "sum",
            "avg",
            "coalesce",
            "now",
            "lower",
            "upper",
            "trim",
            "decode",
            "encode",
            "repeat",
            "sha256",
            "md5",
            "clock_timestamp",
            "nullif",
            "greatest",
            "least",
            "length",
            "row_number",
            "generate_series",
            "in",
            "values",
            "exists",
            "as",
            "on",
            "select",
            "where",
            "and",
            "or",
            "not",
            "from",
            "join",
            "using",
            "over",
            "filter",
            "any",
            "all",
            "extract",
            "overlay",
            "left",
            "right",
            "substring",
            "concat",
            "convert_to",
            "by",
            "then",
            "else",
            "when",
            "distinct",
            "conflict",
            "union",
            "except",
            "intersect",
            "materialized");

    private static final Set<String> CALLS_WITH_FROM = Set.of("extract", "substring", "trim", "overlay");

    private final SchemaHistory history;
    private final TokenCursor cursor;
    private final SqlToken at;
    private final List<Change> changes;

    RowsReader(SchemaHistory history, TokenCursor cursor, SqlToken at, List<Change> changes) {
        this.history = history;
        this.cursor = cursor;
        this.at = at;
        this.changes = changes;
    }

    void read() {
        if (cursor.take("insert into")) {
            insert();
        } else if (cursor.take("update")) {
            cursor.take("only");
            written(cursor.qualifiedName(), "UPDATE");
        } else if (cursor.take("delete from")) {
            cursor.take("only");
            written(cursor.qualifiedName(), "DELETE");
        } else if (cursor.take("merge into")) {
            add(cursor.qualifiedName(), "MERGE", LockMode.ROW_EXCLUSIVE, Work.BULK_WRITE, LintRule.BULK_WRITE);
        } else if (cursor.take("truncate")) {
            cursor.take("table");
            cursor.take("only");
            do {
                add(cursor.qualifiedName(), "TRUNCATE", LockMode.ACCESS_EXCLUSIVE, Work.REWRITE, LintRule.TRUNCATE);
            } while (cursor.take(","));
        } else if (cursor.at("select")) {
            reading();
        } else {
            throw new NotUnderstoodException(cursor.peek(), "write it without WITH");
        }
    }

    private void insert() {
        String table = cursor.qualifiedName();
        add(table, "INSERT", LockMode.ROW_EXCLUSIVE, Work.NAMED_ROWS, null);
        boolean updates = false;
        List<SqlToken> rest = cursor.rest();
        for (int i = 0; i + 1 < rest.size(); i++) {
            updates |= rest.get(i).is("do") && rest.get(i + 1).is("update");
        }
        if (updates) {
            add(table, "INSERT ... DO UPDATE", LockMode.ROW_EXCLUSIVE, Work.BULK_WRITE, LintRule.BULK_WRITE);
        }
        cursor.take("as");
        if (cursor.peek().isName() && !cursor.at("values") && !cursor.at("select") && !cursor.at("default")) {
            cursor.next();
        }
        if (cursor.at("(")) {
            cursor.skip();
        }
        reading();
    }

    private void reading() {
        List<SqlToken> tokens = cursor.rest();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            boolean call = tokens.get(i).kind() == SqlToken.Kind.WORD
                    && tokens.get(i + 1).is("(");
            if (call
                    && !CALLS_THAT_ONLY_READ.contains(tokens.get(i).text())
                    && !(i > 0 && tokens.get(i - 1).is("::"))) {
                throw new NotUnderstoodException(tokens.get(i), "what this function does is not known here");
            }
        }
        for (String table : tablesReadBy(cursor)) {
            add(table, "read", LockMode.ACCESS_SHARE, Work.SCAN, null);
        }
    }

    private void written(String table, String what) {
        boolean named = cursor.seek("where") && namesOneRow(history.primaryKey(table));
        add(
                table,
                what,
                LockMode.ROW_EXCLUSIVE,
                named ? Work.NAMED_ROWS : Work.BULK_WRITE,
                named ? null : LintRule.BULK_WRITE);
    }

    /** Whether what comes is {@code key = literal} for each column of the primary key, joined by AND, and no more. */
    private boolean namesOneRow(List<String> primaryKey) {
        Set<String> named = new HashSet<>();
        do {
            String column = keyComparedWithLiteral();
            if (column == null) {
                return false;
            }
            named.add(column);
        } while (cursor.take("and"));
        return cursor.atEnd() && !primaryKey.isEmpty() && named.containsAll(primaryKey);
    }

    private @Nullable String keyComparedWithLiteral() {
        if (!cursor.peek().isName()) {
            return null;
        }
        String column = cursor.next().text();
        if (!cursor.take("=")) {
            return null;
        }
        SqlToken.Kind kind = cursor.next().kind();
        return kind == SqlToken.Kind.STRING || kind == SqlToken.Kind.NUMBER ? column : null;
    }

    /** The tables behind FROM and JOIN, wherever they stand. */
    static Set<String> tablesReadBy(TokenCursor cursor) {
        List<SqlToken> tokens = cursor.rest();
        Set<String> tables = new LinkedHashSet<>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if ((tokens.get(i).is("from") || tokens.get(i).is("join")) && !isOfACall(tokens, i)) {
                TokenCursor list = cursor.fork(i + 1);
                do {
                    list.take("lateral");
                    list.take("only");
                    if (list.peek().isName()) {
                        String table = list.qualifiedName();
                        if (!list.at("(")) {
                            tables.add(table);
                        }
                    }
                    toComma(list);
                } while (list.take(","));
            }
        }
        return tables;
    }

    private static void toComma(TokenCursor list) {
        boolean alias = list.take("as");
        while (alias || list.at("(") || (list.peek().isName() && !list.at("where") && !list.at("join"))) {
            alias = false;
            list.skip();
        }
    }

    /** FROM in {@code extract(epoch FROM x)}, and in {@code x IS DISTINCT FROM y}. */
    private static boolean isOfACall(List<SqlToken> tokens, int from) {
        if (from > 0 && tokens.get(from - 1).is("distinct")) {
            return true;
        }
        int depth = 0;
        for (int i = from - 1; i > 0; i--) {
            if (tokens.get(i).is(")")) {
                depth++;
            } else if (tokens.get(i).is("(") && depth-- == 0) {
                return CALLS_WITH_FROM.contains(tokens.get(i - 1).text());
            }
        }
        return false;
    }

    private void add(String table, String what, LockMode lock, Work work, @Nullable LintRule rule) {
        changes.add(new Change(table, null, what, lock, work, rule, at));
    }
}
