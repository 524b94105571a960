package txlookup.backfill.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in COPY's text format as JSON objects, byte by byte: both escape almost the same way, and nothing between the two
 * has to be made of the values. Every value becomes a string as the database writes it, null is left out.
 */
final class CopiedRow {
    private final List<byte[]> names;
    private byte[] json = new byte[1024];
    private int length;

    /** @param columns the columns' names, in the row's order */
    CopiedRow(List<String> columns) {
        names = columns.stream().map(CopiedRow::quoted).toList();
    }

    private static byte[] quoted(String name) {
        CopiedRow row = new CopiedRow(List.of());
        row.put('"');
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            row.putEscaped(b);
        }
        row.put('"');
        row.put(':');
        return row.bytes();
    }

    /** The row as JSON; {@code row} ends with a line feed. */
    byte[] json(byte[] row) {
        length = 0;
        put('{');
        int at = 0;
        for (byte[] name : names) {
            if (row[at] == '\\' && row[at + 1] == 'N') {
                at += 3; // with the tab or line feed after it
                continue;
            }
            if (length > 1) {
                put(',');
            }
            put(name);
            put('"');
            for (byte b; (b = row[at]) != '\t' && b != '\n'; at++) {
                if (b == '\\') {
                    putEscaped(unescaped(row[++at]));
                } else {
                    putEscaped(b);
                }
            }
            put('"');
            at++;
        }
        put('}');
        return bytes();
    }

    /** A column's value in a row, as the database writes it; the column may not be null. */
    static String value(byte[] row, int column) {
        int at = 0;
        for (int passed = 0; passed < column; at++) {
            passed += row[at] == '\t' ? 1 : 0;
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (; row[at] != '\t' && row[at] != '\n'; at++) {
            value.write(row[at] == '\\' ? unescaped(row[++at]) : row[at]);
        }
        return value.toString(StandardCharsets.UTF_8);
    }

    private static byte unescaped(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> escape;
        };
    }

    private void putEscaped(byte b) {
        if (b == '"' || b == '\\') {
            put('\\');
            put(b);
        } else if (b >= 0 && b < ' ') {
            put("\\u%04x".formatted(b).getBytes(StandardCharsets.US_ASCII));
        } else {
            put(b);
        }
    }

    private void put(int b) {
        if (length == json.length) {
            json = Arrays.copyOf(json, 2 * length);
        }
        json[length++] = (byte) b;
    }

    private void put(byte[] bytes) {
        if (json.length - length < bytes.length) {
            json = Arrays.copyOf(json, 2 * json.length + bytes.length);
        }
        System.arraycopy(bytes, 0, json, length, bytes.length);
        length += bytes.length;
    }

    private byte[] bytes() {
        return Arrays.copyOf(json, length);
    }
}
