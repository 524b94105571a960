package txlookup.migrations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/**
 * Which builds can still read a schema. A revision headed {@code -- contract: V6} takes away what the code has left alone since
 * V6, so a build whose head is older than V6 may still use it.
 */
final class Contracts {
    private static final Pattern CONTRACT = Pattern.compile("^--\\s*contract:\\s*(V\\d+(?:\\s*,\\s*V\\d+)*)");
    private static final Pattern VERSION = Pattern.compile("V(\\d+)");
    private static final int FIRST = 1;

    private final List<String> locations;

    Contracts(List<String> locations) {
        this.locations = locations;
    }

    /** The oldest head of a build that finds in the schema all that it uses. */
    int oldestReader(MigrationInfo[] applied) {
        return Stream.of(applied)
                .filter(migration -> migration.getVersion() != null && migration.getScript() != null)
                .mapToInt(migration -> newestExpandEnded(migration.getScript()))
                .max()
                .orElse(FIRST);
    }

    private int newestExpandEnded(String script) {
        return text(script)
                .lines()
                .map(String::strip)
                .takeWhile(line -> line.isEmpty() || line.startsWith("--"))
                .map(CONTRACT::matcher)
                .filter(Matcher::find)
                .flatMap(contract -> VERSION.matcher(contract.group(1)).results())
                .mapToInt(version -> Integer.parseInt(version.group(1)))
                .max()
                .orElse(FIRST);
    }

    private String text(String script) {
        for (String location : locations) {
            String text = text(location, script);
            if (text != null) {
                return text;
            }
        }
        throw new IllegalStateException("No file %s is in %s".formatted(script, locations));
    }

    private static @Nullable String text(String location, String script) {
        String folder = location.substring(location.indexOf(':') + 1);
        try {
            if (location.startsWith("filesystem:")) {
                Path file = Path.of(folder, script);
                return Files.exists(file) ? Files.readString(file) : null;
            }
            try (InputStream file = Contracts.class.getResourceAsStream("/" + folder + "/" + script)) {
                return file == null ? null : new String(file.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
