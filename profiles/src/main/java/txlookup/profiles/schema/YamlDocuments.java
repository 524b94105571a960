package txlookup.profiles.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds a YAML file by path or by name. A name is {@code <folder>/<name>.yaml} in the working directory where that file
 * exists, and else the one that came with the program.
 */
public final class YamlDocuments {

    private static final String RESOURCES = "/txlookup/";

    private final Path workingDirectory;
    private final String folder;
    private final List<String> shipped;

    /**
     * @param folder where names are looked up, such as {@code profiles/events}
     * @param shipped the names that came with the program, for the message when there is no such file
     */
    public YamlDocuments(Path workingDirectory, String folder, List<String> shipped) {
        this.workingDirectory = workingDirectory;
        this.folder = folder;
        this.shipped = shipped;
    }

    /** Reads the file, or says in {@code problems} why there is none. */
    public Optional<YamlDocument> find(String field, String nameOrPath, String origin, List<ProfileProblem> problems) {
        try {
            return find(field, nameOrPath, workingDirectory.resolve(fileName(nameOrPath)), origin, problems);
        } catch (InvalidPathException notAPath) {
            problems.add(new ProfileProblem(field, quoted(nameOrPath), wanted(), origin));
            return Optional.empty();
        }
    }

    /** Reads the one that came with the program, whatever file there is. */
    public Optional<YamlDocument> shipped(String name, List<ProfileProblem> problems) {
        return YamlDocument.parse("built-in " + fileName(name), resource(name), problems);
    }

    private Optional<YamlDocument> find(
            String field, String nameOrPath, Path file, String origin, List<ProfileProblem> problems) {
        if (Files.isRegularFile(file)) {
            return read(file, problems);
        }
        if (!isPath(nameOrPath) && shipped.contains(nameOrPath)) {
            return YamlDocument.parse("built-in " + fileName(nameOrPath), resource(nameOrPath), problems);
        }
        problems.add(new ProfileProblem(field, quoted(nameOrPath) + " and no file " + file, wanted(), origin));
        return Optional.empty();
    }

    private static Optional<YamlDocument> read(Path file, List<ProfileProblem> problems) {
        String origin = "file " + file;
        try {
            return YamlDocument.parse(origin, Files.readString(file), problems);
        } catch (IOException unreadable) {
            problems.add(new ProfileProblem("(file)", unreadable.toString(), "a file readable as UTF-8", origin));
            return Optional.empty();
        }
    }

    private String resource(String name) {
        String path = RESOURCES + folder + "/" + name + ".yaml";
        try (InputStream in = YamlDocuments.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the program was packaged without " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path, unreadable);
        }
    }

    private String fileName(String nameOrPath) {
        return isPath(nameOrPath) ? nameOrPath : folder + "/" + nameOrPath + ".yaml";
    }

    private static boolean isPath(String nameOrPath) {
        return nameOrPath.contains("/")
                || nameOrPath.contains("\\")
                || nameOrPath.endsWith(".yaml")
                || nameOrPath.endsWith(".yml");
    }

    private String wanted() {
        return "the path of a YAML file, or a name: %s or that of a file in %s".formatted(shipped, folder);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
