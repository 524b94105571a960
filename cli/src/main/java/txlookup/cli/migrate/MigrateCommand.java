package txlookup.cli.migrate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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
import txlookup.cli.ExitCode;
import txlookup.cli.Main;
import txlookup.cli.options.StoreAccess;
import txlookup.migrations.Drift;
import txlookup.migrations.Migrations;
import txlookup.migrations.lint.LintFinding;
import txlookup.migrations.lint.LintFormat;
import txlookup.migrations.lint.MigrationFolder;
import txlookup.migrations.lint.MigrationLint;
import txlookup.migrations.lint.MigrationPlan;
import txlookup.migrations.lint.RevisionSet;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "migrate",
        description = {
            "Brings the control schema to head, and expands the schema of each generation that is not retired. Running it",
            "again changes nothing, and continues what was killed.",
            "An edited released file, a database ahead of this build, or a schema that somebody changed by hand is refused."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup migrate --profile local",
            "  txlookup migrate plan",
            "  txlookup migrate lint --format github"
        })
public final class MigrateCommand implements Callable<Integer> {
    private static final String A_NEW_GENERATION = "g<new>";
    private static final long NO_GENERATION = 0;

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accept-drift", description = "Accept the changes that somebody made to a schema by hand.")
    private boolean acceptDrift;

    @Override
    public Integer call() throws SQLException {
        Profile profile = main.profile().load();
        try (HikariDataSource store = open(profile)) {
            int exitCode = toHead(Migrations.CONTROL, Migrations.ofControl(store));
            for (long generation : Migrations.generations(store)) {
                exitCode = Math.max(
                        exitCode, toHead(Migrations.schema(generation), Migrations.ofGeneration(store, generation)));
            }
            return exitCode;
        }
    }

    private int toHead(String schema, Migrations migrations) throws SQLException {
        Optional<Drift> drift = migrations.drift();
        if (drift.isPresent() && !acceptDrift) {
            spec.commandLine().getErr().println(drift.get().message());
            return ExitCode.FAILED;
        }
        List<String> applied = migrations.toHead();
        if (drift.isPresent() && applied.isEmpty()) {
            migrations.writeShape();
        }
        spec.commandLine()
                .getOut()
                .println("Schema %s: revision %s = head; %s"
                        .formatted(
                                schema,
                                migrations.revision().current(),
                                applied.isEmpty() ? "nothing to do" : "applied " + String.join(", ", applied)));
        return ExitCode.DONE;
    }

    @Command(
            name = "plan",
            description = {
                "Shows what migrate will run on the control schema and on each generation that is not retired.",
                "It shows each statement with its locks on existing tables, and whether they end at once.",
                "Without a generation it shows the making of a new one. Changes nothing."
            },
            footer = {"", "Example:", "  txlookup migrate plan --profile local"})
    int plan() throws IOException {
        Profile profile = main.profile().load();
        try (HikariDataSource store = open(profile)) {
            PlanText text = new PlanText(spec.commandLine().getOut());
            plan(text, RevisionSet.CONTROL, Migrations.CONTROL, Migrations.ofControl(store));
            List<Long> generations = Migrations.generations(store);
            for (long generation : generations) {
                String schema = Migrations.schema(generation);
                plan(text, RevisionSet.GENERATION, schema, Migrations.ofGeneration(store, generation));
            }
            if (generations.isEmpty()) {
                plan(text, RevisionSet.GENERATION, A_NEW_GENERATION, Migrations.ofGeneration(store, NO_GENERATION));
            }
            return ExitCode.DONE;
        }
    }

    private static void plan(PlanText text, RevisionSet set, String schema, Migrations migrations) throws IOException {
        Migrations.Revision revision = migrations.revision();
        text.print(schema, revision, MigrationPlan.of(MigrationFolder.ofThisBuild(set), schema, revision.current()));
    }

    @Command(
            name = "lint",
            description = {
                "Judges migrations by what they do to a store in use: locks that keep others waiting, lost data, edited",
                "releases. Without a file, both sets of this build, those that are not released; released ones are compared with",
                "what was released. A file in a folder \"generation\" is of a generation's set, any other of the control set.",
                " Exit code 0 without findings, 1 with some, 4 when a file cannot be read.",
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
        List<LintFinding> findings = files == null ? ofThisBuild(released) : findings(files, released);
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
                            .map(MigrateCommand::fromHere)
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

    /** An index that is made concurrently takes longer than the pool's statements usually may. */
    private HikariDataSource open(Profile profile) {
        return StoreAccess.control(
                DatabaseRole.OWNER, profile, main.profile().secrets(profile), Migrations.LONGEST_STATEMENT);
    }
}
