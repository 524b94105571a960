package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A package is a room: at most twenty classes, one sentence that says what it is for, and no name twice in the house. */
class RoomsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String INFO = "package-info.java";
    private static final int MOST = 20;

    private static Map<Path, List<String>> packages(String sources) throws IOException {
        Map<Path, List<String>> packages = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(one -> one.resolve(sources))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(file -> packages.computeIfAbsent(
                                    ROOT.relativize(file.getParent()), one -> new ArrayList<>())
                            .add(file.getFileName().toString()));
                }
            }
        }
        return packages;
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void noneHoldsMoreThanTwenty(String sources) throws IOException {
        Map<Path, Long> crowded = new TreeMap<>();
        packages(sources).forEach((room, files) -> {
            long classes = files.stream().filter(file -> !file.equals(INFO)).count();
            if (classes > MOST) {
                crowded.put(room, classes);
            }
        });
        assertThat(crowded).isEmpty();
    }

    @Test
    void eachSaysWhatItIsFor() throws IOException {
        assertThat(packages("src/main/java")).isNotEmpty().allSatisfy((room, files) -> assertThat(files)
                .contains(INFO));
        for (Path room : packages("src/main/java").keySet()) {
            assertThat(Files.readString(ROOT.resolve(room).resolve(INFO)))
                    .as(room.toString())
                    .containsPattern("(?s)/\\*\\*.*[A-Za-z].*\\*/");
        }
    }

    @Test
    void noNameStandsTwice() throws IOException {
        Map<String, Long> names = packages("src/main/java").values().stream()
                .flatMap(List::stream)
                .filter(file -> !file.equals(INFO))
                .collect(Collectors.groupingBy(file -> file, TreeMap::new, Collectors.counting()));
        names.values().removeIf(count -> count == 1);
        assertThat(names).isEmpty();
    }
}
