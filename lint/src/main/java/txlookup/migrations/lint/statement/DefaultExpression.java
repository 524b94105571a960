package txlookup.migrations.lint.statement;

import java.util.List;
import java.util.Set;
import txlookup.migrations.lint.sql.SqlToken;

/** Whether a default is the same for every row there is, so that PostgreSQL keeps it once instead of writing every row. */
final class DefaultExpression {
    private static final Set<String> SAME_FOR_EVERY_ROW = Set.of(
            "now",
            "transaction_timestamp",
            "statement_timestamp",
            "to_timestamp",
            "decode",
            "encode",
            "repeat",
            "md5",
            "sha256",
            "coalesce",
            "lower",
            "upper",
            "left",
            "right",
            "concat",
            "length",
            "jsonb_build_object",
            "jsonb_build_array",
            "json_build_object",
            "to_jsonb",
            "convert_to",
            "make_interval",
            "array_fill",
            "cast");

    private DefaultExpression() {}

    static boolean isSameForEveryRow(List<SqlToken> tokens) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            boolean isCall = tokens.get(i).isName() && tokens.get(i + 1).is("(");
            boolean isType =
                    i > 0 && (tokens.get(i - 1).is("::") || tokens.get(i - 1).is("as"));
            if (isCall && !isType && !SAME_FOR_EVERY_ROW.contains(tokens.get(i).text())) {
                return false;
            }
        }
        return true;
    }
}
