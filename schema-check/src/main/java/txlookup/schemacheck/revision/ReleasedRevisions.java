package txlookup.schemacheck.revision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which revisions were released when, and what was in them: {@code released.txt}, kept in git beside them. A line is
 * {@code <release> <sha256> <file>}; releases stand in their order.
 */
public final class ReleasedRevisions {
    /** The list's name, in the folder of the revisions. */
    public static final String FILE = "released.txt";

    /** That list holds nothing. */
    public static final ReleasedRevisions NONE = new ReleasedRevisions(Map.of());

    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+([0-9a-f]{64})\\s+(\\S+)");

    private record Entry(String release, String sha256) {}

    private final Map<String, Entry> files;
    private final List<String> releases;

    private ReleasedRevisions(Map<String, Entry> files) {
        this.files = files;
        this.releases = files.values().stream().map(Entry::release).distinct().toList();
    }

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException when a line is none of its form
     */
    public static ReleasedRevisions parse(String text) {
        Map<String, Entry> files = new LinkedHashMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "%s: \"%s\" is not \"<release> <sha256> <file>\"".formatted(FILE, line));
            }
            files.put(parts.group(3), new Entry(parts.group(1), parts.group(2)));
        }
        return new ReleasedRevisions(files);
    }

    public Set<String> fileNames() {
        return files.keySet();
    }

    /** What was in the file when it was released; empty when it was not. */
    public Optional<String> sha256(String file) {
        return Optional.ofNullable(files.get(file)).map(Entry::sha256);
    }

    /** How many releases lie from the first file's to the second's; what is not released comes with the next one. */
    public int releasesBetween(String earlier, String later) {
        return place(later) - place(earlier);
    }

    private int place(String file) {
        @Nullable Entry entry = files.get(file);
        return entry == null ? releases.size() : releases.indexOf(entry.release());
    }

    public static String line(String release, MigrationFile file) {
        return "%s %s %s".formatted(release, file.sha256(), file.name());
    }
}
