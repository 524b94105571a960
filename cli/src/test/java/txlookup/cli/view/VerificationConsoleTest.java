package txlookup.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Entity;

class VerificationConsoleTest {
    private final StringWriter out = new StringWriter();

    private VerificationConsole console(Duration every) {
        return new VerificationConsole(new ProgressLine(new PrintWriter(out), every));
    }

    @Test
    void tellsRowsRateAndTimeLeftWhileThereIsSomeLeft() {
        VerificationConsole console = console(Duration.ZERO);
        console.begins(Entity.LEDGER_ENTRY, 0, OptionalLong.of(3000));
        console.begins(Entity.PAYMENT_ORDER, 0, OptionalLong.of(1000));
        console.read(1000);
        console.read(3000);
        console.begins(Entity.LEDGER_ENTRY, 17, OptionalLong.of(3000));
        console.read(10);
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("1,000 rows read of about 4,000, [\\d,]+ rows/s, about \\d+ s left"),
                        line -> assertThat(line).matches("4,000 rows read, [\\d,]+ rows/s"),
                        line -> assertThat(line)
                                .matches(
                                        "4,010 rows read of about 7,000, [\\d,]+ rows/s, searching 17 buckets that differ, about \\d+ s left"));
    }

    @Test
    void foretellsNothingWhereTheSizeIsNotKnown() {
        VerificationConsole console = console(Duration.ZERO);
        console.begins(Entity.LEDGER_ENTRY, 0, OptionalLong.of(3000));
        console.begins(Entity.PAYMENT_ORDER, 0, OptionalLong.empty());
        console.read(1000);
        assertThat(out.toString()).matches("1,000 rows read, [\\d,]+ rows/s\\R");
    }

    @Test
    void saysNothingBeforeItIsTime() {
        VerificationConsole console = console(Duration.ofMinutes(1));
        console.read(1000);
        assertThat(out.toString()).isEmpty();
    }
}
