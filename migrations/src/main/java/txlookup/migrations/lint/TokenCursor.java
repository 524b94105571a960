package txlookup.migrations.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import txlookup.migrations.Migrations;

/** Reads through one statement's tokens. */
final class TokenCursor {
    private static final SqlToken END = new SqlToken(SqlToken.Kind.SYMBOL, "", 0, 0, 0, 0);

    private final List<SqlToken> tokens;
    private int at;

    TokenCursor(List<SqlToken> tokens) {
        this.tokens = tokens;
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

    /** The next name with its schema; an unqualified one is of the product's schema, which is the search path's first. */
    String qualifiedName() {
        List<String> parts = new ArrayList<>();
        do {
            if (!peek().isName()) {
                throw new NotUnderstoodException(peek(), "a name was expected here");
            }
            parts.add(next().text());
        } while (take("."));
        return parts.size() == 1 ? Migrations.CONTROL + "." + parts.get(0) : String.join(".", parts);
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
        return new TokenCursor(tokens.subList(from, Math.max(from, at - 1)));
    }

    /** The parts between commas outside parentheses, from here to the end. */
    List<TokenCursor> splitAtCommas() {
        List<TokenCursor> parts = new ArrayList<>();
        int from = at;
        while (!atEnd()) {
            if (at(",")) {
                parts.add(new TokenCursor(tokens.subList(from, at)));
                next();
                from = at;
            } else {
                skip();
            }
        }
        parts.add(new TokenCursor(tokens.subList(from, tokens.size())));
        return parts;
    }

    List<SqlToken> rest() {
        return at >= tokens.size() ? List.of() : tokens.subList(at, tokens.size());
    }
}
