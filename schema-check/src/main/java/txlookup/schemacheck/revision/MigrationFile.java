package txlookup.schemacheck.revision;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.profiles.digest.Sha256;

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

    /**
     * Its statements, in their order.
     *
     * @throws org.flywaydb.core.api.FlywayException when it cannot be split into statements
     */
    public List<ScriptStatement> statements() {
        return ScriptStatement.split(sql);
    }

    boolean isCallback() {
        return name.startsWith("beforeEachMigrate");
    }

    /** Of its text with line feeds alone, so that it is the same on every system. */
    public String sha256() {
        return Sha256.hex(sql.replace("\r\n", "\n"));
    }
}
