package txlookup.migrations.lint.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * PostgreSQL's lexical rules: nested comments, dollar quotes, escape strings, quoted identifiers. No keyword in a string, a
 * comment or a function's body is ever taken for a statement.
 */
public final class SqlLexer {
    private final String sql;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private SqlLexer(String sql) {
        this.sql = sql;
    }

    /**
     * All tokens, comments among them.
     *
     * @throws SqlSyntaxException when a string, comment or quoted identifier has no end
     */
    public static List<SqlToken> tokens(String sql) {
        SqlLexer lexer = new SqlLexer(sql);
        while (lexer.at < sql.length()) {
            lexer.next();
        }
        return List.copyOf(lexer.tokens);
    }

    private void next() {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            skipTo(at + 1);
        } else if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            int stop = end < 0 ? sql.length() : end;
            add(SqlToken.Kind.COMMENT, sql.substring(at + 2, stop).strip(), stop);
        } else if (sql.startsWith("/*", at)) {
            int end = endOfComment();
            add(SqlToken.Kind.COMMENT, sql.substring(at + 2, end - 2).strip(), end);
        } else if (c == '\'') {
            string(at, at + 1, false);
        } else if (c == '"') {
            quotedIdentifier();
        } else if (c == '$' && dollarTag() != null) {
            dollarQuoted(dollarTag());
        } else if (Character.isDigit(c) || (c == '.' && Character.isDigit(peek(1)))) {
            int end = at + 1;
            while (end < sql.length()
                    && (Character.isLetterOrDigit(sql.charAt(end))
                            || sql.charAt(end) == '.'
                            || sql.charAt(end) == '_')) {
                end++;
            }
            add(SqlToken.Kind.NUMBER, sql.substring(at, end), end);
        } else if (isIdentifierStart(c)) {
            wordOrPrefixedString();
        } else {
            int end = sql.startsWith("::", at) ? at + 2 : at + 1;
            add(SqlToken.Kind.SYMBOL, sql.substring(at, end), end);
        }
    }

    private void wordOrPrefixedString() {
        char prefix = Character.toLowerCase(sql.charAt(at));
        if (peek(1) == '\'' && (prefix == 'e' || prefix == 'b' || prefix == 'x' || prefix == 'n')) {
            string(at, at + 2, prefix == 'e');
            return;
        }
        int end = at + 1;
        while (end < sql.length()
                && (isIdentifierStart(sql.charAt(end))
                        || Character.isDigit(sql.charAt(end))
                        || sql.charAt(end) == '$')) {
            end++;
        }
        add(SqlToken.Kind.WORD, sql.substring(at, end).toLowerCase(Locale.ROOT), end);
    }

    private void string(int from, int contentFrom, boolean escapes) {
        int i = contentFrom;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (escapes && c == '\\') {
                i += 2;
            } else if (c == '\'' && i + 1 < sql.length() && sql.charAt(i + 1) == '\'') {
                i += 2;
            } else if (c == '\'') {
                add(SqlToken.Kind.STRING, sql.substring(contentFrom, i).replace("''", "'"), i + 1);
                return;
            } else {
                i++;
            }
        }
        throw unended("string", from);
    }

    private void quotedIdentifier() {
        int i = at + 1;
        while (i < sql.length()) {
            if (sql.charAt(i) == '"' && i + 1 < sql.length() && sql.charAt(i + 1) == '"') {
                i += 2;
            } else if (sql.charAt(i) == '"') {
                add(SqlToken.Kind.QUOTED_IDENTIFIER, sql.substring(at + 1, i).replace("\"\"", "\""), i + 1);
                return;
            } else {
                i++;
            }
        }
        throw unended("quoted identifier", at);
    }

    private String dollarTag() {
        int end = at + 1;
        while (end < sql.length()
                && (isIdentifierStart(sql.charAt(end)) || (end > at + 1 && Character.isDigit(sql.charAt(end))))) {
            end++;
        }
        return end < sql.length() && sql.charAt(end) == '$' ? sql.substring(at, end + 1) : null;
    }

    private void dollarQuoted(String tag) {
        int end = sql.indexOf(tag, at + tag.length());
        if (end < 0) {
            throw unended("string " + tag, at);
        }
        add(SqlToken.Kind.STRING, sql.substring(at + tag.length(), end), end + tag.length());
    }

    private int endOfComment() {
        int depth = 1;
        int i = at + 2;
        while (i < sql.length()) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        throw unended("comment", at);
    }

    private SqlSyntaxException unended(String what, int from) {
        return new SqlSyntaxException(line, from - lineStart + 1, "this %s has no end".formatted(what));
    }

    private void add(SqlToken.Kind kind, String text, int end) {
        tokens.add(new SqlToken(kind, text, line, at - lineStart + 1, at, end));
        skipTo(end);
    }

    private void skipTo(int end) {
        for (; at < end; at++) {
            if (sql.charAt(at) == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
    }

    private static boolean isIdentifierStart(char c) {
        return Character.isLetter(c) || c == '_' || c > 127;
    }
}
