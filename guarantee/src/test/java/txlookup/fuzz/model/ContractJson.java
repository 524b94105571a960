package txlookup.fuzz.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * RFC 8259 by the letter, with the contract's depth: UTF-8 without a flaw, then the grammar. It is written by hand because
 * the product reads with Jackson, and what Jackson lets through is the question.
 */
final class ContractJson {
    /** A value that a member has; what lies inside of an array or an object is checked and forgotten. */
    sealed interface Value permits Text, Numeral, Null, Other {}

    /** A string's content. */
    record Text(String content) implements Value {}

    /** A number's literal. */
    record Numeral(String literal) implements Value {}

    /** The literal null. */
    record Null() implements Value {}

    /** A boolean, an array or an object: no field takes one, so two of one kind are not told apart. */
    record Other(String kind) implements Value {}

    /** A member of the outermost object, in the order of the text. */
    record Member(String name, Value value) {}

    /** It is not one JSON object. */
    static final class Malformed extends Exception {
        Malformed(String what, int at) {
            super(what + " at character " + at, null, false, false);
        }
    }

    private static final int DEEPEST = 500;
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String text;
    private final List<Member> members = new ArrayList<>();
    private int at;

    private ContractJson(String text) {
        this.text = text;
    }

    /** The members of the one object that the bytes have to be. */
    static List<Member> object(byte[] bytes) throws Malformed {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("not UTF-8", 0);
        }
        // A parser may ignore one (RFC 8259, 8.1), and it is no reason to lose an event.
        ContractJson json = new ContractJson(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        json.space();
        if (json.peek() != '{') {
            throw json.malformed("no object");
        }
        json.object(1, true);
        json.space();
        if (json.at < json.text.length()) {
            throw json.malformed("more than one value");
        }
        return json.members;
    }

    private void object(int depth, boolean outermost) throws Malformed {
        open(depth);
        if (closes('}')) {
            return;
        }
        do {
            space();
            String name = string();
            if (name.codePoints().anyMatch(c -> c >= 0xd800 && c < 0xe000)) {
                // RFC 8259, 8.2 leaves open what becomes of half a pair, and a name with one is no text.
                throw malformed("a name that is no text");
            }
            space();
            expect(':');
            Value value = value(depth);
            if (outermost) {
                members.add(new Member(name, value));
            }
        } while (another('}'));
    }

    private void array(int depth) throws Malformed {
        open(depth);
        if (closes(']')) {
            return;
        }
        do {
            value(depth);
        } while (another(']'));
    }

    private void open(int depth) throws Malformed {
        if (depth > DEEPEST) {
            throw malformed("too deep");
        }
        at++;
        space();
    }

    private boolean closes(char end) {
        if (peek() == end) {
            at++;
            return true;
        }
        return false;
    }

    private boolean another(char end) throws Malformed {
        space();
        if (closes(end)) {
            return false;
        }
        expect(',');
        return true;
    }

    private Value value(int depth) throws Malformed {
        space();
        return switch (peek()) {
            case '"' -> new Text(string());
            case '{' -> {
                object(depth + 1, false);
                yield new Other("object");
            }
            case '[' -> {
                array(depth + 1);
                yield new Other("array");
            }
            case 't' -> {
                word("true");
                yield new Other("boolean");
            }
            case 'f' -> {
                word("false");
                yield new Other("boolean");
            }
            case 'n' -> {
                word("null");
                yield new Null();
            }
            default -> new Numeral(number());
        };
    }

    private void word(String word) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw malformed("no literal");
        }
        at += word.length();
    }

    private String number() throws Malformed {
        int end = JsonNumber.end(text, at);
        if (end < 0) {
            throw malformed("no value");
        }
        String literal = text.substring(at, end);
        at = end;
        return literal;
    }

    private String string() throws Malformed {
        expect('"');
        StringBuilder content = new StringBuilder();
        while (true) {
            if (at == text.length()) {
                throw malformed("a string without an end");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return content.toString();
            }
            if (c < 0x20) {
                throw malformed("a control character");
            }
            content.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws Malformed {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++, at++) {
                    unit = unit * 16 + hex(peek());
                }
                yield (char) unit;
            }
            default -> throw malformed("no escape");
        };
    }

    private int hex(char c) throws Malformed {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            return (c | 0x20) - 'a' + 10;
        }
        throw malformed("no hexadecimal digit");
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** NUL at the end, which is no token either. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char wanted) throws Malformed {
        if (peek() != wanted) {
            throw malformed("no " + wanted);
        }
        at++;
    }

    private Malformed malformed(String what) {
        return new Malformed(what, at);
    }
}
