package txlookup.azure.template;

import java.util.ArrayList;
import java.util.List;

/**
 * A template expression, the few forms that our templates use: texts, numbers, calls, and properties of what a call
 * answers.
 */
sealed interface Expression {
    record Text(String value) implements Expression {}

    record Whole(int value) implements Expression {}

    record Call(String function, List<Expression> arguments) implements Expression {}

    record Property(Expression of, String name) implements Expression {}

    /** Whether a template's text is an expression; {@code [[} is a bracket that is meant. */
    static boolean isExpression(String text) {
        return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
    }

    /**
     * Reads what stands between the brackets.
     *
     * @throws IllegalArgumentException when it cannot be read, saying where
     */
    static Expression parse(String text) {
        Reader reader = new Reader(text.substring(1, text.length() - 1));
        Expression expression = reader.expression();
        reader.end();
        return expression;
    }

    /** Reads from left to right. */
    final class Reader {
        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        private Expression expression() {
            skipBlanks();
            Expression read;
            if (peek() == '\'') {
                read = new Text(quoted());
            } else if (Character.isDigit(peek())) {
                read = new Whole(Integer.parseInt(word()));
            } else {
                read = new Call(word(), arguments());
            }
            while (peek() == '.') {
                at++;
                read = new Property(read, word());
            }
            skipBlanks();
            return read;
        }

        private List<Expression> arguments() {
            expect('(');
            List<Expression> arguments = new ArrayList<>();
            skipBlanks();
            while (peek() != ')') {
                arguments.add(expression());
                if (peek() != ')') {
                    expect(',');
                }
            }
            expect(')');
            return arguments;
        }

        private String quoted() {
            expect('\'');
            StringBuilder value = new StringBuilder();
            while (at < text.length()) {
                char next = text.charAt(at++);
                if (next != '\'') {
                    value.append(next);
                } else if (peek() == '\'') {
                    value.append('\'');
                    at++;
                } else {
                    return value.toString();
                }
            }
            throw unreadable("a text that does not end");
        }

        private String word() {
            int from = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (from == at) {
                throw unreadable("a name is missing");
            }
            return text.substring(from, at);
        }

        private void expect(char wanted) {
            if (peek() != wanted) {
                throw unreadable("wanted " + wanted);
            }
            at++;
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private void skipBlanks() {
            while (peek() == ' ') {
                at++;
            }
        }

        private void end() {
            if (at != text.length()) {
                throw unreadable("more than one expression");
            }
        }

        private IllegalArgumentException unreadable(String why) {
            return new IllegalArgumentException(
                    "the expression [%s] cannot be read at %d: %s".formatted(text, at, why));
        }
    }
}
