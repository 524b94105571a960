package txlookup.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import txlookup.cli.Main;

/** Options that every command takes hold wherever they stand. */
class ProfileOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--set backfill.source=jdbc --set backfill.jdbc.user=reader backfill --dry-run",
                "backfill --dry-run --set backfill.source=jdbc --set backfill.jdbc.user=reader",
                "--set backfill.source=jdbc backfill --dry-run --set backfill.jdbc.user=reader",
                "--set backfill.source=ndjson --set backfill.jdbc.user=reader backfill --set backfill.source=jdbc --dry-run"
            })
    void everyOverrideHoldsBeforeAndBehindTheCommandAndTheLastOneOfAPropertyWins(String line) {
        StringWriter told = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(told, true));
        assertThat(command.execute(line.split(" ", -1))).isEqualTo(ExitCode.WRONG_USE);
        assertThat(told.toString())
                .as("a database is wanted, and only its address is missing")
                .contains("backfill.jdbc.url: saw nothing")
                .doesNotContain("backfill.jdbc.user: saw nothing");
    }
}
