package txlookup.migrations.lint.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One statement of a file.
 *
 * @param tokens without comments and without the semicolon; never empty
 * @param comments those above it and in it
 */
public record SqlStatement(List<SqlToken> tokens, List<SqlToken> comments) {
    private static final Set<String> OUTSIDE_A_TRANSACTION = Set.of("vacuum");
    private static final int WORDS_SHOWN = 12;

    /**
     * The statements of a file; comments below the last one are its own.
     *
     * @throws SqlSyntaxException when the file is not SQL
     */
    public static List<SqlStatement> split(List<SqlToken> all) {
        List<SqlStatement> statements = new ArrayList<>();
        List<SqlToken> tokens = new ArrayList<>();
        List<SqlToken> comments = new ArrayList<>();
        for (SqlToken token : all) {
            if (token.kind() == SqlToken.Kind.COMMENT) {
                comments.add(token);
            } else if (token.is(";") && !isInSqlBody(tokens)) {
                if (!tokens.isEmpty()) {
                    statements.add(new SqlStatement(List.copyOf(tokens), List.copyOf(comments)));
                    comments.clear();
                }
                tokens.clear();
            } else {
                tokens.add(token);
            }
        }
        if (!tokens.isEmpty()) {
            statements.add(new SqlStatement(List.copyOf(tokens), List.copyOf(comments)));
        }
        return statements;
    }

    /** A function's body from BEGIN ATOMIC to its END holds semicolons of its own. */
    private static boolean isInSqlBody(List<SqlToken> tokens) {
        int open = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is("atomic") && i > 0 && tokens.get(i - 1).is("begin")) {
                open++;
            } else if (open > 0 && tokens.get(i).is("case")) {
                open++;
            } else if (open > 0 && tokens.get(i).is("end")) {
                open--;
            }
        }
        return open > 0;
    }

    public SqlToken first() {
        return tokens.get(0);
    }

    /** As it is written, without the comments above it. */
    public String text(String file) {
        return file.substring(first().from(), tokens.get(tokens.size() - 1).to());
    }

    /** Whether PostgreSQL refuses it in a transaction. */
    public boolean runsOutsideATransaction() {
        if (OUTSIDE_A_TRANSACTION.contains(first().text())) {
            return true;
        }
        boolean index = first().is("create") || first().is("drop") || first().is("reindex");
        return index && tokens.stream().limit(8).anyMatch(token -> token.is("concurrently"));
    }

    /** How it begins, on one line. */
    public String beginning() {
        StringBuilder text = new StringBuilder();
        SqlToken before = null;
        for (SqlToken token : tokens.subList(0, Math.min(tokens.size(), WORDS_SHOWN))) {
            boolean close = before == null
                    || before.is(".")
                    || before.is("(")
                    || token.is(".")
                    || token.is(",")
                    || token.is(")");
            text.append(close ? "" : " ").append(shown(token));
            before = token;
        }
        return text + (tokens.size() > WORDS_SHOWN ? " ..." : "");
    }

    private static String shown(SqlToken token) {
        return switch (token.kind()) {
            case QUOTED_IDENTIFIER -> '"' + token.text() + '"';
            case STRING -> "'...'";
            default -> token.text();
        };
    }
}
