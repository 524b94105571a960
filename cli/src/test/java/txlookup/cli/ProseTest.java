package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What people read is plain (CONTRIBUTING.md, Prose), and its links lead somewhere. */
class ProseTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private static final int MOST_LINES_OF_THE_README = 80;
    private static final int MOST_WORDS_OF_THE_GLOSSARY = 40;
    private static final int QUESTIONS = 8;
    private static final Pattern JSON_DESCRIPTION =
            Pattern.compile("\"description\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final Pattern YAML_DESCRIPTION = Pattern.compile("(?m)^\\s*description: (.*)$|(?:^|\\s)# (.*)$");

    @Test
    void aLongSentenceAndAKnottedWordAreFound() {
        assertThat(Prose.problems("here", "word ".repeat(30) + ". Short one.")).isEmpty();
        assertThat(Prose.problems("here", "word ".repeat(31))).hasSize(1);
        assertThat(Prose.problems("here", "It begins anew. It takes 5 us an event."))
                .hasSize(2);
        assertThat(ThrownTexts.of("throw new AnyException(\"a %s\".formatted(b) + \" c\", e); // \"d\""))
                .contains("a %s… c");
    }

    @Test
    void documentsArePlain() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path document : documents()) {
            for (String text : MarkdownFile.read(document).texts()) {
                problems.addAll(Prose.problems(ROOT.relativize(document).toString(), text));
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void everyLinkOfADocumentLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            dead.addAll(MarkdownFile.read(document).deadLinks());
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(MOST_LINES_OF_THE_README);
    }

    @Test
    void contributingAnswersEachQuestionWithOneLinkAndKeepsItsGlossaryShort() throws IOException {
        MarkdownFile contributing = MarkdownFile.read(ROOT.resolve("CONTRIBUTING.md"));
        assertThat(contributing.table("## Where to look"))
                .hasSize(QUESTIONS)
                .allSatisfy(row -> assertThat(MarkdownFile.links(row)).hasSize(1));
        assertThat(contributing.table("## Glossary")).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_WORDS_OF_THE_GLOSSARY);
    }

    @Test
    void messagesArePlain() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path module : modules()) {
            for (Path file : filesBelow(module.resolve("src/main/resources"), "messages.properties")) {
                for (String line : Files.readAllLines(file)) {
                    if (!line.startsWith("#")) {
                        problems.addAll(Prose.problems(line, line.substring(line.indexOf('=') + 1)));
                    }
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void helpIsPlain() {
        List<String> problems = new ArrayList<>();
        help(Main.commandLine(), problems);
        assertThat(problems).isEmpty();
    }

    private static void help(CommandLine command, List<String> problems) {
        CommandSpec spec = command.getCommandSpec();
        List<String> texts = new ArrayList<>();
        texts.add(String.join(" ", spec.usageMessage().description()));
        texts.addAll(spec.usageMessage().exitCodeList().values());
        Stream.<ArgSpec>concat(spec.options().stream(), spec.positionalParameters().stream())
                .map(argument -> String.join(" ", argument.description()))
                .forEach(texts::add);
        for (String text : texts) {
            Arrays.stream(text.split("%n"))
                    .forEach(line -> problems.addAll(Prose.problems(spec.qualifiedName(), line)));
        }
        command.getSubcommands().values().forEach(subcommand -> help(subcommand, problems));
    }

    @Test
    void descriptionsOfProfilesAndObjectivesArePlain() throws IOException {
        List<String> problems = new ArrayList<>();
        Path profiles = ROOT.resolve("profiles");
        for (String folder : List.of("", "events", "slo")) {
            for (Path file : children(profiles.resolve(folder))) {
                problems.addAll(described(file, ".yaml", YAML_DESCRIPTION));
                problems.addAll(described(file, ".json", JSON_DESCRIPTION));
            }
        }
        problems.addAll(described(ROOT.resolve("contracts/extract.schema.json"), ".json", JSON_DESCRIPTION));
        assertThat(problems).isEmpty();
    }

    private static List<String> described(Path file, String ending, Pattern description) throws IOException {
        List<String> problems = new ArrayList<>();
        if (file.toString().endsWith(ending)) {
            for (String line : Files.readAllLines(file)) {
                Matcher found = description.matcher(line);
                while (found.find()) {
                    boolean first = found.group(1) != null;
                    problems.addAll(Prose.problems(file.getFileName().toString(), found.group(first ? 1 : 2)));
                }
            }
        }
        return problems;
    }

    @Test
    void exceptionsSayItPlainly() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path module : modules()) {
            for (Path file : filesBelow(module.resolve("src/main/java"), ".java")) {
                for (String text : ThrownTexts.of(Files.readString(file))) {
                    problems.addAll(Prose.problems(ROOT.relativize(file).toString(), text));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String name : List.of(
                "README.md",
                "RATIONALE.md",
                "CONTRIBUTING.md",
                "CHANGELOG.md",
                "azure/README.md",
                "azure/FIRST-RUN.md")) {
            documents.add(ROOT.resolve(name));
        }
        documents.addAll(filesBelow(ROOT.resolve("docs"), ".md"));
        return documents;
    }

    private static List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (Path folder : children(ROOT)) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                modules.add(folder);
                for (Path below : children(folder)) {
                    if (Files.exists(below.resolve("pom.xml"))) {
                        modules.add(below);
                    }
                }
            }
        }
        return modules;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static List<Path> filesBelow(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
