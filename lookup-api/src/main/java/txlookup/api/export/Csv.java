package txlookup.api.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as RFC 4180 wants them, in which no spreadsheet finds a formula. */
final class Csv {
    static final String MEDIA_TYPE = "text/csv;charset=UTF-8";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int most;
    private int rows;
    private boolean truncated;

    /** @param most rows are written; of more it is only known that there are */
    Csv(List<String> columns, int most) {
        this.most = most;
        write(columns);
    }

    Csv row(@Nullable Object... cells) {
        if (rows == most) {
            truncated = true;
            return this;
        }
        StringBuilder line = new StringBuilder();
        for (int cell = 0; cell < cells.length; cell++) {
            line.append(cell == 0 ? "" : ",").append(cell(cells[cell]));
        }
        out.writeBytes(line.append("\r\n").toString().getBytes(UTF_8));
        rows++;
        return this;
    }

    private void write(List<String> names) {
        out.writeBytes((String.join(",", names) + "\r\n").getBytes(UTF_8));
    }

    boolean isTruncated() {
        return truncated;
    }

    int rows() {
        return rows;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (text.isEmpty()) {
            return text;
        }
        char first = text.charAt(0);
        String safe = "=+-@".indexOf(first) >= 0 || Character.isISOControl(first) ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(one -> one == '"' || one == ',' || one == '\r' || one == '\n');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
