package txlookup.gate.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.profiles.digest.Sha256;

/**
 * The objectives of an environment.
 *
 * @param origin the file that they were read from
 * @param sha256 of that file's bytes, so that a report can be matched with it
 */
public record SloFile(String origin, String sha256, List<Objective> objectives) {
    private static final String SHIPPED = "/txlookup/gate/slo/default.yaml";
    private static final String FRESHNESS = "freshness-time";
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

    /** A stage's own file in {@code profiles/slo} of the working directory, else the default one there, else the shipped one. */
    public static SloFile ofStage(String stage) {
        return inProject(stage).map(SloFile::read).orElseGet(SloFile::shipped);
    }

    /** Where the working directory has that file; empty where it has none. */
    public static Optional<Path> inProject(String stage) {
        return Stream.of(stage, "default")
                .map(name -> IN_PROJECT.resolve(name + ".yaml"))
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

    /**
     * The age from which on data is called stale, as the objective {@value #FRESHNESS} says it.
     *
     * @throws SloFileException when the file has no such objective
     */
    public Duration staleAfter() {
        return Duration.ofMillis(limit(objective(FRESHNESS)).movePointRight(3).longValue());
    }

    /** @throws SloFileException when the file has no such objective */
    public Objective objective(String name) {
        return objectives.stream()
                .filter(objective -> objective.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new SloFileException("%s has no objective %s; add it, for alerts and answers go by its limit"
                                .formatted(origin, name)));
    }

    private static BigDecimal limit(Objective objective) {
        if (objective.indicator() instanceof Objective.Threshold threshold) {
            return threshold.limit();
        }
        return BigDecimal.ONE.subtract(objective.target());
    }

    /** Reads a file's text. */
    public static SloFile parse(String origin, String text) {
        return new SloFile(origin, Sha256.hex(text), new SloReader(origin).read(text));
    }
}
