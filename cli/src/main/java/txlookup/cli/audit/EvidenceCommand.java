package txlookup.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.Program;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;

@Command(
        name = "evidence",
        description = "The evidence of rebuilds, gates and destructions: bundles, chained by hash.",
        footer = {
            "",
            "Examples:",
            "  txlookup evidence list",
            "  txlookup evidence show 20261121010733",
            "  txlookup evidence verify"
        })
public final class EvidenceCommand implements Runnable {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    static final class Where {
        @Option(
                names = "--folder",
                paramLabel = "FOLDER",
                description = "The evidence's folder. Default: the local environment's.")
        private Path folder;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: list, show or verify");
    }

    @Command(name = "list", description = "Lists all bundles, oldest first: name, verdict, subject, entries, hash.")
    int list(@Mixin Where where) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (EvidenceChain.Listed listed : chain(where).list()) {
            Bundle bundle = listed.bundle();
            out.println("%-34s %-10s %s %s, %d entries, %s"
                    .formatted(
                            listed.name(),
                            bundle.verdict(),
                            bundle.act(),
                            bundle.subject(),
                            bundle.entries().size(),
                            bundle.head()));
        }
        out.flush();
        return ExitCode.DONE;
    }

    @Command(name = "show", description = "One bundle as Markdown; a generation's is named by its number.")
    int show(@Mixin Where where, @Parameters(paramLabel = "NAME", description = "Its name in the list.") String name)
            throws IOException {
        Bundle bundle = chain(where)
                .read(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no bundle %s; txlookup evidence list shows all".formatted(name)));
        PrintWriter out = spec.commandLine().getOut();
        out.print(bundle.markdown());
        out.flush();
        return ExitCode.DONE;
    }

    @Command(
            name = "verify",
            description = {
                "Checks that no entry and no bundle was changed, removed, moved or inserted.",
                "Exit code 0 when nothing changed, 1 when something did, with each fault named.",
                "Keep the head that it prints elsewhere: a writer of the folder could hash everything again."
            },
            footer = {"", "Example:", "  txlookup evidence verify"})
    int verify(@Mixin Where where) throws IOException {
        EvidenceChain chain = chain(where);
        List<String> faults = chain.verify();
        PrintWriter out = spec.commandLine().getOut();
        faults.forEach(out::println);
        out.println("%s; head %s"
                .formatted(faults.isEmpty() ? "intact" : "BROKEN in %d places".formatted(faults.size()), chain.head()));
        out.flush();
        return faults.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private EvidenceChain chain(Where where) {
        Path folder = where.folder != null
                ? where.folder
                : main.profile().load().local().evidence();
        return new EvidenceChain(folder);
    }
}
