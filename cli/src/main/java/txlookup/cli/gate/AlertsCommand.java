package txlookup.cli.gate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ExitCode;
import txlookup.gate.alerts.GeneratedAlerts;
import txlookup.gate.model.SloFile;

@Command(
        name = "alerts",
        description = {
            "Generates the alerts from the objectives that the gate judges by: Prometheus rules and their tests,",
            "Azure templates, a Grafana dashboard. With --check, exit code 1 when a folder's files differ."
        },
        footer = {"", "Examples:", "  txlookup alerts --write alerts", "  txlookup alerts --check alerts"})
public final class AlertsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--slo",
            paramLabel = "FILE",
            description = "The objectives. Default: profiles/slo/default.yaml, else the built-in ones.")
    private Path slo;

    @ArgGroup(multiplicity = "1")
    private Doing doing;

    private static final class Doing {
        @Option(names = "--write", paramLabel = "FOLDER", description = "Writes the files there.")
        private Path write;

        @Option(names = "--check", paramLabel = "FOLDER", description = "Compares the files there.")
        private Path check;
    }

    @Override
    public Integer call() throws Exception {
        GeneratedAlerts alerts = new GeneratedAlerts(slo == null ? SloFile.ofStage("default") : SloFile.read(slo));
        if (doing.write != null) {
            alerts.write(doing.write);
            return ExitCode.DONE;
        }
        List<String> differences = alerts.differences(doing.check);
        PrintWriter out = spec.commandLine().getOut();
        differences.forEach(out::println);
        if (!differences.isEmpty()) {
            out.println("Write them again: txlookup alerts --write " + doing.check);
        }
        out.flush();
        return differences.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
