package txlookup.cli.lint;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ExitCode;
import txlookup.schemacheck.lint.LintFinding;
import txlookup.schemacheck.lint.LintFormat;
import txlookup.schemacheck.lint.MigrationLint;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.RevisionSet;

@Command(
        name = "lint",
        description = {
            "Runs migrations on a scratch PostgreSQL of this machine, and judges what they would do to a store in use:",
            "locks that keep others waiting, lost data, edited releases. Without a file, both sets of this build, those",
            "that are not released; released ones are compared with what was released. A file in a folder \"generation\" is of a generation's set, any other of the control set.",
            " Exit code 0 without findings, 1 with some, 4 when a file cannot be read.",
            "A statement is allowed by the line above it: -- lint:allow <rule> because <reason>"
        },
        footer = {"", "Example:", "  txlookup migrate lint --format sarif V6__add_channel.sql > lint.sarif"})
public final class MigrateLintCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Revisions, judged after those beside them.")
    private List<Path> files = List.of();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private LintFormat format;

    @Option(names = "--released", description = "Judge released revisions by all rules as well.")
    private boolean released;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<LintFinding> findings = files.isEmpty() ? ofThisBuild(released) : findings(files, released);
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(findings));
        if (format == LintFormat.TEXT) {
            out.println(findings.isEmpty() ? "no findings" : "%d findings".formatted(findings.size()));
        }
        out.flush();
        return findings.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static List<LintFinding> ofThisBuild(boolean released) throws IOException {
        List<LintFinding> findings = new ArrayList<>();
        for (RevisionSet set : RevisionSet.values()) {
            findings.addAll(new MigrationLint(MigrationFolder.ofThisBuild(set), released).findings());
        }
        return findings;
    }

    private List<LintFinding> findings(List<Path> files, boolean released) throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file) || !file.toString().endsWith(".sql")) {
                throw new ParameterException(spec.commandLine(), "%s is not a file of SQL".formatted(file));
            }
        }
        Set<Path> folders = files.stream()
                .map(file -> file.toAbsolutePath().getParent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Path> wanted = files.stream().map(Path::toAbsolutePath).collect(Collectors.toSet());
        List<LintFinding> findings = new ArrayList<>();
        for (Path folder : folders) {
            new MigrationLint(MigrationFolder.of(folder), released)
                    .findings().stream()
                            .filter(finding -> wanted.contains(Path.of(finding.file())))
                            .map(MigrateLintCommand::fromHere)
                            .forEach(findings::add);
        }
        return findings;
    }

    /** Annotations want paths from the folder in which the command runs. */
    private static LintFinding fromHere(LintFinding finding) {
        Path here = Path.of("").toAbsolutePath();
        Path file = Path.of(finding.file());
        return file.startsWith(here)
                ? new LintFinding(
                        finding.rule(),
                        here.relativize(file).toString(),
                        finding.line(),
                        finding.column(),
                        finding.message())
                : finding;
    }
}
