package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's commands are those that decide whether a change lands, and those that exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("`\\./txlookup ([a-z-]+)");

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void theTwoCommandsAreWhatCiRuns() throws IOException {
        List<String> commands = new ArrayList<>();
        Matcher shell = SHELL.matcher(readme());
        while (shell.find()) {
            shell.group(1).lines().filter(line -> !line.isBlank()).forEach(commands::add);
        }
        assertThat(commands).containsExactly("./txlookup demo", "mvn -T2C verify");
        String ci = Files.readString(ROOT.resolve(".ci/run"));
        assertThat(ci.lines()).contains("mvn -T2C verify").contains("./txlookup demo --exit");
    }

    @Test
    void everyCommandThatIsNamedExists() throws IOException {
        Set<String> existing = Main.commandLine().getSubcommands().keySet();
        Matcher named = NAMED.matcher(readme());
        int found = 0;
        while (named.find()) {
            assertThat(existing).contains(named.group(1));
            found++;
        }
        assertThat(found).isGreaterThan(4);
    }
}
