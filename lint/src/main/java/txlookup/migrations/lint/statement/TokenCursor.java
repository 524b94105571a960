package txlookup.migrations.lint.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import txlookup.migrations.lint.sql.SqlToken;

/** Reads through one statement's tokens. */
final class TokenCursor {
    private static final SqlToken END = new SqlToken(SqlToken.Kind.SYMBOL, "", 0, 0, 0, 0);

    private final List<SqlToken> tokens;
    private final StatementNames names;
    private int at;

    TokenCursor(List<SqlToken> tokens, StatementNames names) {
        this.tokens = tokens;
        this.names = names;
    }

    SqlToken peek() {
        return peek(0);
    }

    private SqlToken peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : END;
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    SqlToken next() {
        SqlToken token = peek();
        at++;
        return token;
    }

    /** Whether these words, written as one text, come next. */
    boolean at(String words) {
        int ahead = 0;
        for (String word : words.toLowerCase(Locale.ROOT).split(" ", -1)) {
            if (!peek(ahead++).is(word)) {
                return false;
            }
        }
        return true;
    }

    /** Steps over these words where they come next. */
    boolean take(String words) {
        if (!at(words)) {
            return false;
        }
        at += words.split(" ", -1).length;
        return true;
    }

    /** Steps to just behind these words, wherever outside parentheses they come; to the end when they do not. */
    boolean seek(String words) {
        while (!atEnd()) {
            if (take(words)) {
                return true;
            }
            skip();
        }
        return false;
    }

    /** The next name with its schema. */
    String qualifiedName() {
        return names.full(parts());
    }

    /** The table, with its schema, of the column whose name comes next. */
    String tableOfColumn() {
        List<SqlToken> parts = parts();
        if (parts.size() == 1) {
            throw new NotUnderstoodException(parts.get(0), "a table and its column were expected here");
        }
        return names.full(parts.subList(0, parts.size() - 1));
    }

    private List<SqlToken> parts() {
        List<SqlToken> parts = new ArrayList<>();
        do {
            if (!peek().isName()) {
                throw new NotUnderstoodException(peek(), "a name was expected here");
            }
            parts.add(next());
        } while (take("."));
        return parts;
    }

    String name() {
        if (!peek().isName()) {
            throw new NotUnderstoodException(peek(), "a name was expected here");
        }
        return next().text();
    }

    /** Steps over one token, or over a whole pair of parentheses. */
    void skip() {
        if (next().is("(")) {
            while (!atEnd() && !peek().is(")")) {
                skip();
            }
            next();
        }
    }

    /** What is between the parentheses that come next. */
    TokenCursor inParentheses() {
        if (!at("(")) {
            throw new NotUnderstoodException(peek(), "parentheses were expected here");
        }
        int from = at + 1;
        skip();
        return new TokenCursor(tokens.subList(from, Math.max(from, at - 1)), names);
    }

    /** The parts between commas outside parentheses, from here to the end. */
    List<TokenCursor> splitAtCommas() {
        List<TokenCursor> parts = new ArrayList<>();
        int from = at;
        while (!atEnd()) {
            if (at(",")) {
                parts.add(new TokenCursor(tokens.subList(from, at), names));
                next();
                from = at;
            } else {
                skip();
            }
        }
        parts.add(new TokenCursor(tokens.subList(from, tokens.size()), names));
        return parts;
    }

    List<SqlToken> rest() {
        return at >= tokens.size() ? List.of() : tokens.subList(at, tokens.size());
    }

    /** A cursor of its own on what comes. */
    TokenCursor fork(int ahead) {
        return new TokenCursor(tokens.subList(Math.min(tokens.size(), at + ahead), tokens.size()), names);
    }
}
