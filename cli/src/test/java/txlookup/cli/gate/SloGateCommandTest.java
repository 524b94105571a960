package txlookup.cli.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.cli.Main;
import txlookup.rebuild.evidence.EvidenceChain;

class SloGateCommandTest {
    private static final String RECORDED = """
            {"format":"txlookup-observation/1","environment":{"name":"local kim test","generation":1,"topics":["ledger"]},
            "from":"2026-02-05T01:00:00Z","to":"2026-02-05T01:05:00Z","asked":[],"increases":[],"samples":[
            {"source":"store","instance":"","name":"dead_letters_open","labels":{},"points":[{"atMillis":0,"value":%s,"detail":"2 open"}]}],
            "latencies":[],"absent":{}}""";
    private static final String ONE_OBJECTIVE = """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: dead-letters, annotations: {txlookup/proof: "%s"}}
            spec:
              service: txlookup
              indicator:
                metadata: {name: dead-letters}
                spec: {thresholdMetric: {metricSource: {type: Reading, spec: {name: dead_letters_open}}}}
              timeWindow: [{duration: 28d, isRolling: true}]
              budgetingMethod: Occurrences
              objectives: [{op: lte, value: 0, target: 1}]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private int evaluate(String value, boolean proof, String... more) throws Exception {
        Files.writeString(folder.resolve("seen.json"), RECORDED.formatted(value));
        Files.writeString(folder.resolve("slo.yaml"), ONE_OBJECTIVE.formatted(proof));
        List<String> arguments = new ArrayList<>(List.of(
                "slo-gate",
                "--evaluate",
                folder.resolve("seen.json").toString(),
                "--slo",
                folder.resolve("slo.yaml").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void aRecordedObservationEndsWithItsVerdictsCode() throws Exception {
        assertThat(evaluate("0.0", false)).isZero();
        assertThat(evaluate("2.0", false)).isEqualTo(1);
        assertThat(evaluate("null", false)).isEqualTo(2);
        assertThat(evaluate("2.0", true)).isEqualTo(3);
        assertThat(out.toString())
                .contains("FAIL     dead-letters: 2, wanted <= 0")
                .contains("2 open");
    }

    @Test
    void aJudgementIsKeptAsEvidence() throws Exception {
        Path evidence = folder.resolve("evidence");

        assertThat(evaluate("2.0", false, "--evidence", evidence.toString())).isEqualTo(1);
        assertThat(evaluate("0.0", false, "--evidence", evidence.toString())).isZero();
        assertThat(evaluate("0.0", false)).isZero();

        EvidenceChain chain = new EvidenceChain(evidence);
        assertThat(chain.verify()).isEmpty();
        assertThat(chain.list())
                .extracting(
                        EvidenceChain.Listed::name, listed -> listed.bundle().verdict())
                .containsExactly(
                        tuple("slo-gate-20260205T010500Z", "FAIL"), tuple("slo-gate-20260205T010500Z-2", "PASS"));
        assertThat(err.toString()).contains("evidence in ");
        assertThat(run("evidence", "show", "--folder", evidence.toString(), "slo-gate-20260205T010500Z"))
                .isZero();
        assertThat(out.toString()).contains("# FAIL: slo-gate 1", "objective: dead-letters", "exitCode: 1");
    }

    @Test
    void everyFormatIsWritten() throws Exception {
        for (String format : List.of("text", "json", "junit", "markdown", "openmetrics")) {
            assertThat(evaluate("0.0", false, "--format", format)).as(format).isZero();
        }
        assertThat(out.toString()).contains("\"txlookup-gate/1\"", "<testsuites", "## SLO gate: PASS", "# EOF");
    }

    @Test
    void aFileThatIsRefusedIsWrongUseWithItsLine() throws Exception {
        Files.writeString(folder.resolve("bad.yaml"), "apiVersion: openslo/v1\nkid: SLO\n");

        assertThat(run("slo-gate", "--slo", folder.resolve("bad.yaml").toString()))
                .isEqualTo(4);
        assertThat(err.toString()).contains("bad.yaml line 2: kid: unknown");
    }

    @Test
    void whatIsNoObservationIsWrongUse() throws Exception {
        Files.writeString(folder.resolve("seen.json"), "{}");

        assertThat(run("slo-gate", "--evaluate", folder.resolve("seen.json").toString()))
                .isEqualTo(4);
    }

    /** Every client tries for a while before it gives up. */
    @Test
    @Tag("nightly")
    void anEnvironmentOfWhichNothingAnswersIsUnreachableAndNoFailureOfTheProduct() throws Exception {
        Path secrets = Files.createDirectories(folder.resolve("data/secrets"));
        Files.writeString(secrets.resolve("TXLOOKUP_DATABASE_PASSWORD"), "unused");
        int code = run(
                "slo-gate",
                "--duration",
                "1s",
                "--set",
                "local.dataFolder=" + folder.resolve("data"),
                "--set",
                "local.postgresPort=1",
                "--set",
                "local.kafkaPort=2",
                "--set",
                "api.port=3",
                "--set",
                "consumer.port=4");

        assertThat(code).as(err.toString()).isEqualTo(5);
        assertThat(err.toString())
                .contains("Nothing of local local local answers", "api at http://127.0.0.1:3/metrics");
    }

    @Test
    void alertsAreWrittenAndComparedAgain() throws Exception {
        assertThat(run("alerts", "--write", folder.toString())).isZero();
        assertThat(run("alerts", "--check", folder.toString())).isZero();
        Files.writeString(folder.resolve("prometheus/rules.yaml"), "groups: []\n");
        assertThat(run("alerts", "--check", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("prometheus/rules.yaml differs");
    }
}
