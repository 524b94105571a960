package txlookup.migrations.lint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of migrations.
 *
 * @param name without folders, such as {@code V6__add_channel.sql}
 * @param path as a report shows it
 * @param sql what is in it
 */
public record MigrationFile(String name, String path, String sql) {
    private static final Pattern VERSIONED = Pattern.compile("V(\\d+)__\\w+\\.sql");

    /** The revision's number; empty for a callback or a file of another name. */
    public OptionalInt version() {
        Matcher versioned = VERSIONED.matcher(name);
        return versioned.matches() ? OptionalInt.of(Integer.parseInt(versioned.group(1))) : OptionalInt.empty();
    }

    boolean isCallback() {
        return name.startsWith("beforeEachMigrate");
    }

    /** Of its text with line feeds alone, so that it is the same on every system. */
    public String sha256() {
        try {
            byte[] bytes = sql.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
