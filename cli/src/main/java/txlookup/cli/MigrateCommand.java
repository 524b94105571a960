package txlookup.cli;

import com.zaxxer.hikari.HikariDataSource;
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
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.migrations.Migrations;
import txlookup.migrations.lint.Finding;
import txlookup.migrations.lint.LintFormat;
import txlookup.migrations.lint.MigrationFolder;
import txlookup.migrations.lint.MigrationLint;
import txlookup.migrations.lint.MigrationPlan;
import txlookup.profiles.Profile;

@Command(
        name = "migrate",
        description = {
            "Brings the profile's database to head; running it again changes nothing, and goes on with what was killed.",
            "An edited released file, or a database ahead of this build, is refused."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup migrate --profile local",
            "  txlookup migrate plan",
            "  txlookup migrate lint --format github"
        })
final class MigrateCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Profile profile = main.profile().load();
        try (HikariDataSource store = open(profile)) {
            Migrations migrations = new Migrations(store);
            List<String> applied = migrations.toHead();
            spec.commandLine()
                    .getOut()
                    .println("Revision %s = head; %s"
                            .formatted(
                                    migrations.revision().current(),
                                    applied.isEmpty() ? "nothing to do" : "applied " + String.join(", ", applied)));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "plan",
            description = {
                "Shows what migrate will run on the profile's database, in its order: each statement with the locks that it",
                "takes on tables that are there, and whether they are over at once. Changes nothing."
            },
            footer = {"", "Example:", "  txlookup migrate plan --profile local"})
    int plan() throws IOException {
        Profile profile = main.profile().load();
        try (HikariDataSource store = open(profile)) {
            Migrations.Revision revision = new Migrations(store).revision();
            MigrationPlan plan = MigrationPlan.of(MigrationFolder.ofThisBuild(), revision.current());
            new PlanText(spec.commandLine().getOut()).print(revision, plan);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "lint",
            description = {
                "Judges migrations by what they do to a store in use: locks that keep others waiting, lost data, edited",
                "releases. Without a file, those of this build that are not released; released ones are compared with what",
                "was released. Exit code 0 without findings, 1 with some, 4 when a file cannot be read.",
                "A statement is allowed by the line above it: -- lint:allow <rule> because <reason>"
            },
            footer = {"", "Example:", "  txlookup migrate lint --format sarif V6__add_channel.sql > lint.sarif"})
    int lint(
            @Parameters(arity = "0..*", paramLabel = "FILE", description = "Revisions, judged after those beside them.")
                    List<Path> files,
            @Option(
                            names = "--format",
                            defaultValue = "text",
                            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
                    LintFormat format,
            @Option(names = "--released", description = "Judge released revisions by all rules as well.")
                    boolean released)
            throws IOException {
        List<Finding> findings = files == null
                ? new MigrationLint(MigrationFolder.ofThisBuild(), released).findings()
                : findings(files, released);
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(findings));
        if (format == LintFormat.TEXT) {
            out.println(findings.isEmpty() ? "no findings" : "%d findings".formatted(findings.size()));
        }
        out.flush();
        return findings.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<Finding> findings(List<Path> files, boolean released) throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file) || !file.toString().endsWith(".sql")) {
                throw new ParameterException(spec.commandLine(), "%s is no file of SQL".formatted(file));
            }
        }
        Set<Path> folders = files.stream()
                .map(file -> file.toAbsolutePath().getParent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Path> wanted = files.stream().map(Path::toAbsolutePath).collect(Collectors.toSet());
        List<Finding> findings = new ArrayList<>();
        for (Path folder : folders) {
            new MigrationLint(MigrationFolder.of(folder), released)
                    .findings().stream()
                            .filter(finding -> wanted.contains(Path.of(finding.file())))
                            .map(MigrateCommand::fromHere)
                            .forEach(findings::add);
        }
        return findings;
    }

    /** Annotations want paths from the folder in which the command runs. */
    private static Finding fromHere(Finding finding) {
        Path here = Path.of("").toAbsolutePath();
        Path file = Path.of(finding.file());
        return file.startsWith(here)
                ? new Finding(
                        finding.rule(),
                        here.relativize(file).toString(),
                        finding.line(),
                        finding.column(),
                        finding.message())
                : finding;
    }

    /** An index that is made concurrently takes longer than the pool's statements usually may. */
    private HikariDataSource open(Profile profile) {
        return StoreAccess.open(profile, main.profile().secrets(profile), Migrations.LONGEST_STATEMENT);
    }
}
