package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The end of a run says which tests were skipped, and why. Runs by itself after all other tests of the last module. */
class SkippedTestsTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path folder;

    private record Skipped(String module, String test, String reason) {
        @Override
        public String toString() {
            return "%s %s: %s".formatted(module, test, reason);
        }
    }

    @Test
    void theEndOfTheRunSaysWhatWasSkipped() throws Exception {
        List<Path> reports =
                reports(ROOT, Instant.parse(System.getProperty("tests.started", Instant.EPOCH.toString())));
        List<Skipped> skipped = skipped(reports);
        System.out.printf("SKIPPED: %d of this run's tests%n", skipped.size());
        skipped.forEach(one -> System.out.println("SKIPPED: " + one));
        servers(ROOT).forEach(System.out::println);

        assertThat(reports).as("reports of this run").isNotEmpty();
    }

    @Test
    void aSkippedTestIsToldWithItsReasonUnlessItIsOfAnEarlierRun() throws Exception {
        Path reports = Files.createDirectories(folder.resolve("module/target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-a.xml"), """
                <testsuite name="a.BrowserIT" tests="0"></testsuite>""");
        Files.writeString(reports.resolve("TEST-b.xml"), """
                <testsuite name="a.B"><testcase name="works" classname="a.B"/>
                <testcase name="needsRoot" classname="a.B"><skipped message="Assumption failed: root is needed"/></testcase>
                <testcase name="needsAFile" classname="a.B"><skipped type="a.b.TestAbortedException">a.b.TestAbortedException:
                assumption was not met due to:
                no file</skipped></testcase></testsuite>""");

        assertThat(skipped(reports(folder, Instant.EPOCH)))
                .containsExactly(
                        new Skipped("module", "BrowserIT", "before its first test"),
                        new Skipped("module", "B.needsRoot", "root is needed"),
                        new Skipped("module", "B.needsAFile", "assumption was not met due to: no file"));
        assertThat(reports(folder, Instant.now().plusSeconds(60))).isEmpty();
    }

    /** What modules said about the servers that their tests take, each sentence once. */
    private static Set<String> servers(Path root) throws IOException {
        Set<String> said = new TreeSet<>();
        try (Stream<Path> found = Files.find(root, 4, (path, about) -> path.endsWith("target/test-servers.txt"))) {
            for (Path file : found.toList()) {
                said.addAll(Files.readAllLines(file));
            }
        }
        return said;
    }

    private static List<Path> reports(Path root, Instant since) throws IOException {
        TreeSet<Path> reports = new TreeSet<>();
        try (Stream<Path> found = Files.find(
                root,
                5,
                (path, about) -> path.toString().matches(".*/target/surefire-reports/TEST-[^/]*\\.xml")
                        && !about.lastModifiedTime().toInstant().isBefore(since))) {
            found.forEach(reports::add);
        }
        return List.copyOf(reports);
    }

    private static List<Skipped> skipped(List<Path> reports) throws Exception {
        List<Skipped> skipped = new ArrayList<>();
        for (Path report : reports) {
            Path module =
                    report.toAbsolutePath().normalize().getParent().getParent().getParent();
            Element suite = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
            NodeList found = suite.getElementsByTagName("skipped");
            for (int i = 0; i < found.getLength(); i++) {
                Element reason = (Element) found.item(i);
                Element test = (Element) reason.getParentNode();
                String type = test.getAttribute("classname");
                String name = test.getAttribute("name");
                skipped.add(new Skipped(
                        module.getFileName().toString(),
                        type.substring(type.lastIndexOf('.') + 1) + (name.isEmpty() ? "" : "." + name),
                        reason(reason)));
            }
            if (suite.getAttribute("tests").equals("0")) {
                String type = suite.getAttribute("name");
                skipped.add(new Skipped(
                        module.getFileName().toString(),
                        type.substring(type.lastIndexOf('.') + 1),
                        "before its first test"));
            }
        }
        return skipped;
    }

    /** The first line of it; AssertJ's begin after the exception's name. */
    private static String reason(Element skipped) {
        String message = skipped.getAttribute("message");
        String text = message.isBlank()
                ? skipped.getTextContent().replaceFirst("^[\\w.]+Exception:\\s*", "")
                : message.replaceFirst("^Assumption failed: ", "");
        return text.strip().lines().map(String::strip).limit(3).collect(Collectors.joining(" "));
    }
}
