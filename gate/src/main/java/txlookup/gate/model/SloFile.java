package txlookup.gate.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objectives of an environment.
 *
 * @param origin the file that they were read from
 * @param sha256 of that file's bytes, so that a report can be matched with it
 */
public record SloFile(String origin, String sha256, List<Objective> objectives) {
    private static final String SHIPPED = "/txlookup/gate/slo/default.yaml";
    private static final Path IN_PROJECT = Path.of("profiles", "slo");

    public SloFile {
        objectives = List.copyOf(objectives);
    }

    /**
     * Reads a file: a strict subset of OpenSLO v1, as {@code profiles/slo/default.yaml} describes it.
     *
     * @throws SloFileException when it is refused, with the line or the path of what is wrong
     */
    public static SloFile read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new SloFileException("%s cannot be read: %s".formatted(file, e));
        }
    }

    /** An environment's own file in {@code profiles/slo} of the working directory, else the default one there, else the shipped one. */
    public static SloFile ofEnvironment(Path workingDirectory, String environment) {
        return inProject(workingDirectory, environment).map(SloFile::read).orElseGet(SloFile::shipped);
    }

    /** Where the working directory has that file; empty where it has none. */
    public static Optional<Path> inProject(Path workingDirectory, String environment) {
        return Stream.of(environment, "default")
                .map(name -> workingDirectory.resolve(IN_PROJECT).resolve(name + ".yaml"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The one that came with the program. */
    public static SloFile shipped() {
        try (InputStream in = SloFile.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the program was packaged without " + SHIPPED);
            }
            return parse("built-in default.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file's text. */
    public static SloFile parse(String origin, String text) {
        return new SloFile(origin, sha256(text), new SloReader(origin).read(text));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
