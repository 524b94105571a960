package txlookup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.IPackageCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import txlookup.apply.decode.Decoder;

/** Tells how much of the decoder the corpus, what Jazzer kept and mutations run through. */
@Tag("nightly")
class DecoderCoverageIT {
    private static final Path FOLDER = Path.of("target", "fuzz").toAbsolutePath();

    @Test
    void theDecoderIsRunThrough() throws Exception {
        IPackageCoverage decoder = measure();
        System.out.printf("%-24s %10s %10s  lines and branches not run%n", "class", "lines", "branches");
        for (IClassCoverage one : decoder.getClasses()) {
            System.out.printf(
                    "%-24s %10s %10s  %s%n",
                    one.getName().substring(one.getName().lastIndexOf('/') + 1),
                    share(one.getLineCounter()),
                    share(one.getBranchCounter()),
                    missed(one));
        }
        System.out.printf(
                "%-24s %10s %10s%n", "all", share(decoder.getLineCounter()), share(decoder.getBranchCounter()));
        assertThat(decoder.getLineCounter().getCoveredRatio()).isGreaterThan(0.9);
    }

    private static IPackageCoverage measure() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Path measured = FOLDER.resolve("decoder.exec");
        Process replay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:%s=destfile=%s,includes=txlookup.apply.decode.*,append=false"
                                .formatted(agent(), measured),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CorpusReplay.class.getName(),
                        FOLDER.resolve("decoder").resolve("found").toString())
                .inheritIO()
                .start();
        assertThat(replay.waitFor()).isZero();
        ExecFileLoader loader = new ExecFileLoader();
        loader.load(measured.toFile());
        CoverageBuilder builder = new CoverageBuilder();
        String classes = Decoder.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        new Analyzer(loader.getExecutionDataStore(), builder)
                .analyzeAll(Path.of(classes, "txlookup", "apply", "decode").toFile());
        return builder.getBundle("decoder").getPackages().iterator().next();
    }

    private static String agent() {
        return List.of(System.getProperty("java.class.path").split(":", -1)).stream()
                .filter(entry -> entry.contains("org.jacoco.agent"))
                .findFirst()
                .orElseThrow();
    }

    private static String share(ICounter counter) {
        return counter.getTotalCount() == 0
                ? "-"
                : "%d/%d".formatted(counter.getCoveredCount(), counter.getTotalCount());
    }

    private static List<Integer> missed(IClassCoverage one) {
        return IntStream.rangeClosed(one.getFirstLine(), one.getLastLine())
                .filter(line -> one.getLine(line).getInstructionCounter().getMissedCount() > 0
                        || one.getLine(line).getBranchCounter().getMissedCount() > 0)
                .boxed()
                .toList();
    }
}
