package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Stream<String> commands() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExample(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: txlookup " + command)
                .contains("Example")
                .contains("--profile")
                .contains("  txlookup " + command);
    }

    @Test
    void aWrongCommandOrOptionIsOneLineWithASuggestionAndExitCode4() {
        assertThat(run("dmo")).isEqualTo(4);
        assertThat(err.toString()).contains("Did you mean").contains("demo");
        assertThat(run("demo", "--exti")).isEqualTo(4);
        assertThat(run()).isEqualTo(4);
        assertThat(run("consume")).isEqualTo(4);
        assertThat(err.toString()).contains("--generation");
        assertThat(run("consume", "--generation", "yesterday")).isEqualTo(4);
        assertThat(err.toString()).contains("a generation is a number");
    }

    @Test
    void everyProblemOfAProfileIsToldAtOnceWithExitCode4() {
        assertThat(run("status", "--profile", "cloud-test", "--set", "api.port=99999"))
                .isEqualTo(4);
        assertThat(List.of("api.port", "owner", "env"))
                .allSatisfy(field -> assertThat(err.toString()).contains(field));
    }

    @Test
    void localCommandsRefuseACloudProfile() {
        int code = run("status", "--profile", "cloud-secure", "--owner", "kim", "--env", "dev");
        assertThat(code).isEqualTo(5);
        assertThat(err.toString()).contains("Use --profile local");
    }
}
