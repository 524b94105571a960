package txlookup.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.cli.Main;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;

class EvidenceCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void leaveEvidence() throws IOException {
        EvidenceChain chain = new EvidenceChain(folder);
        chain.append(
                "20261121010733",
                new Bundle.Draft("rebuild", "20261121010733", "GO").add("gate", Map.of("p95", "3 ms")));
        chain.append("20261122010733", new Bundle.Draft("rebuild", "20261122010733", "NO_GO"));
    }

    @Test
    void theListNamesEachBundleAndOneCanBeShown() {
        assertThat(run("list")).isZero();
        assertThat(out.toString().lines()).hasSize(2).first().asString().contains("20261121010733", "GO", "2 entries");
        assertThat(run("show", "20261121010733")).isZero();
        assertThat(out.toString()).contains("# GO: rebuild 20261121010733", "- p95: 3 ms");
    }

    @Test
    void anUnknownBundleIsExitCode4() {
        assertThat(run("show", "1")).isEqualTo(4);
        assertThat(err.toString()).contains("no bundle 1; txlookup evidence list shows all");
    }

    @Test
    void anEditIsExitCode1AndNamed() throws IOException {
        assertThat(run("verify")).isZero();
        assertThat(out.toString()).containsPattern("intact; head [0-9a-f]{64}");

        Path bundle = folder.resolve("20261121010733/bundle.json");
        Files.writeString(bundle, Files.readString(bundle).replace("3 ms", "2 ms"));

        assertThat(run("verify")).isEqualTo(1);
        assertThat(out.toString())
                .contains("20261121010733, entry 1 gate: was changed")
                .contains("BROKEN in 1 places");
    }

    private int run(String... command) {
        out.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        String[] whole = new String[command.length + 3];
        whole[0] = "evidence";
        System.arraycopy(command, 0, whole, 1, command.length);
        whole[whole.length - 2] = "--folder";
        whole[whole.length - 1] = folder.toString();
        return commandLine.execute(whole);
    }
}
