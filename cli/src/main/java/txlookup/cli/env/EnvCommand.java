package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.BearerToken;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.check.Finding;
import txlookup.azure.check.FirstRunCheck;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.Planner;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.plan.RebuildReadiness;
import txlookup.azure.destroy.plan.RebuildSource;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Sweep;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.destroy.run.DestroyJournal;
import txlookup.azure.destroy.run.DestroyReport;
import txlookup.azure.destroy.run.Destroyer;
import txlookup.azure.destroy.run.Patience;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.cli.ExitCode;
import txlookup.cli.Main;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.secrets.SecretsMode;

@Command(
        name = "env",
        subcommands = {EnvRecreateCommand.class, EnvPromoteCommand.class},
        description = {
            "Azure environments: planned, destroyed by plan, made again, promoted, swept.",
            "It destroys only resources whose name and tags both show this owner and env."
        },
        footer = {
            "",
            "Examples, on the fake (azure/README.md, Practise a rebuild):",
            "  txlookup env fake --owner kim --env dev",
            "  txlookup env plan --profile cloud-test --owner kim --env dev --set naming.ttl=2026-12-31 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --arm http://127.0.0.1:18443 --out plan.json",
            "  txlookup env destroy --plan plan.json --confirm 0123456789ab"
        })
public final class EnvCommand implements Runnable {
    private static final Path EVIDENCE = Path.of(".txlookup", "evidence");
    private static final String AZURE = "https://management.azure.com";

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    /** Which subscription, and where its resource manager is. */
    static final class Where {
        @Option(
                names = "--subscription",
                paramLabel = "ID",
                defaultValue = "${env:AZURE_SUBSCRIPTION_ID:-}",
                description = "The subscription's id. Default: AZURE_SUBSCRIPTION_ID.")
        private String subscription;

        @Option(
                names = "--arm",
                paramLabel = "URL",
                defaultValue = AZURE,
                description = "The resource manager. Default: ${DEFAULT-VALUE}; plain http on this machine only.")
        private URI arm;
    }

    public ProfileOptions profile() {
        return main.profile();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: check, plan, destroy, recreate, promote or sweep");
    }

    @Command(
            name = "check",
            description = {
                "Asks read-only for all that the first run needs: providers, permissions, names, quotas, secrets, the token.",
                "Lists what is missing and what to do about it (azure/FIRST-RUN.md).",
                "Exit code 1 when something is missing."
            })
    int check(@Mixin Where where) throws IOException, InterruptedException {
        Profile profile = main.profile().load();
        Target target = Target.of(where.subscription, profile);
        ArmClient client = new ArmClient(
                where.arm, BearerToken.forEndpoint(where.arm), Sleeper.real(), ArmClient.Limits.usual(), call -> {});
        List<Finding> findings = new ArrayList<>(new OperatorCheck(profile, where.arm, System.getenv()).run());
        findings.addAll(new FirstRunCheck(client, target, profile, profile.secrets() == SecretsMode.KEY_VAULT).run());
        PrintWriter out = spec.commandLine().getOut();
        for (Finding finding : findings) {
            out.println(
                    "%s  %s: %s".formatted(finding.holds() ? "ok     " : "MISSING", finding.what(), finding.seen()));
            if (!finding.holds()) {
                out.println("         " + finding.next());
            }
        }
        long missing = findings.stream().filter(finding -> !finding.holds()).count();
        out.println("%d of %d missing".formatted(missing, findings.size()));
        return missing == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    @Command(
            name = "plan",
            description = {
                "Reads the subscription and writes what destroying would do: every resource with its verdict and all",
                "reasons, locks, deleted names, names that will not be free again, the way back. Changes nothing."
            })
    int plan(
            @Mixin Where where,
            @Option(names = "--out", paramLabel = "FILE", defaultValue = "destroy-plan.json") Path out,
            @Option(names = "--early", description = "Ignore a ttl in the future; needs --reason.") boolean early,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "") String reason,
            @Option(names = "--retire", description = "Destroy for good: skip the checks that it can be made again.")
                    boolean retire)
            throws IOException, InterruptedException {
        Profile profile = main.profile().load();
        Target target = Target.of(where.subscription, profile);
        List<ArmCall> calls = new ArrayList<>();
        ArmSubscription subscription = open(where.arm, target, calls);
        RebuildSource rebuildFrom = RebuildSource.of(profile);
        Planner.Request request = new Planner.Request(
                target,
                early ? Optional.of(reason) : Optional.empty(),
                retire,
                rebuildFrom,
                where.arm.toString(),
                subscription.displayName());
        PlanFile file = PlanFile.write(
                new Planner(
                                subscription,
                                new RebuildReadiness(rebuildFrom, main.profile().secrets(profile), Clock.systemUTC()))
                        .plan(request, Instant.now()),
                out);
        show(file);
        return ExitCode.DONE;
    }

    @Command(
            name = "destroy",
            description = {
                "Executes exactly that plan. It reads each resource again before its deletion, and stops at anything",
                "that differs from the plan. After a kill, the same command resumes.",
                "Before the first deletion it exports the last rows of the audit, to audit.exportTo of the profile.",
                "Exit code 0 when all is gone, 1 when something is left, 2 when it could not be made again."
            })
    int destroy(
            @Option(names = "--plan", required = true, paramLabel = "FILE") Path plan,
            @Option(
                            names = "--confirm",
                            required = true,
                            paramLabel = "DIGITS",
                            description = "The first 12 digits of the plan's sha256.")
                    String confirm,
            @Option(
                            names = "--discard-audit",
                            description = "Let the audit go with its store, also what is not exported.")
                    boolean discardAudit,
            @Option(
                            names = "--actor",
                            defaultValue = "${sys:user.name}",
                            description = "Who orders it, for the audit. Default: ${DEFAULT-VALUE}.")
                    String actor)
            throws IOException, InterruptedException {
        PlanFile file = PlanFile.read(plan, confirm);
        DestroyPlan confirmed = file.plan();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Destroying %s/%s in %s (%s), %d of %d by plan %s"
                .formatted(
                        confirmed.target().owner(),
                        confirmed.target().env(),
                        confirmed.subscriptionName(),
                        confirmed.target().subscription(),
                        confirmed.destroyed().size(),
                        confirmed.verdicts().size(),
                        file.confirmation()));
        List<ArmCall> calls = new ArrayList<>();
        try (DestroyJournal journal = DestroyJournal.open(file)) {
            DestroyReport report = new Destroyer(
                            open(URI.create(confirmed.endpoint()), confirmed.target(), calls),
                            new RebuildReadiness(
                                    confirmed.rebuildFrom(),
                                    SecretSource.environment(System.getenv()),
                                    Clock.systemUTC()),
                            Sleeper.real(),
                            Patience.usual(),
                            () -> calls,
                            line -> {
                                out.println("  " + line);
                                out.flush();
                            },
                            new AuditBeforeDestruction(main.profile(), confirmed, journal, actor, discardAudit, out))
                    .run(confirmed, file.sha256(), journal);
            Path evidence = report.write(EVIDENCE);
            out.println("%s, %d requests; evidence in %s"
                    .formatted(report.outcome(), report.calls().size(), evidence));
            if (!report.why().isEmpty()) {
                out.println("why:  " + report.why());
                report.left().forEach(left -> out.println("left: " + left));
                out.println("next: " + report.next());
            }
            return switch (report.outcome()) {
                case DONE -> ExitCode.DONE;
                case REFUSED -> ExitCode.NOT_JUDGED;
                case DRIFT, INCOMPLETE -> ExitCode.FAILED;
            };
        }
    }

    @Command(
            name = "sweep",
            description = {
                "Lists what is due in the whole project, of every owner; destroys nothing.",
                "With --extend it moves the ttl of this owner's and env's resources, and keeps an audit of it."
            })
    int sweep(
            @Mixin Where where,
            @Option(names = "--extend", paramLabel = "YYYY-MM-DD", description = "The new ttl.") LocalDate extend,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "") String reason,
            @Option(
                            names = "--within",
                            paramLabel = "DAYS",
                            defaultValue = "0",
                            description = "Lists what will be due within so many days as well.")
                    int within)
            throws IOException, InterruptedException {
        Target target = Target.of(where.subscription, main.profile().load());
        Sweep sweep = new Sweep(open(where.arm, target, new ArrayList<>()), target);
        PrintWriter out = spec.commandLine().getOut();
        if (extend == null) {
            List<Sweep.Due> due = sweep.due(LocalDate.now(ZoneOffset.UTC).plusDays(within));
            due.forEach(one -> out.println("%-12s %s/%s  %s"
                    .formatted(one.ttl().isEmpty() ? "no ttl" : one.ttl(), one.owner(), one.env(), one.id())));
            out.println("%d due".formatted(due.size()));
            return ExitCode.DONE;
        }
        Path audit = EVIDENCE.resolve("ttl-audit.jsonl");
        List<Sweep.Extension> extensions =
                sweep.extend(extend, reason, System.getProperty("user.name"), Instant.now(), audit);
        extensions.forEach(
                one -> out.println("%s: %s -> %s, %s".formatted(one.id(), one.before(), one.after(), one.outcome())));
        out.println("%d extended; audit in %s".formatted(extensions.size(), audit));
        return extensions.stream().allMatch(one -> one.outcome().startsWith("HTTP 2"))
                ? ExitCode.DONE
                : ExitCode.FAILED;
    }

    private static ArmSubscription open(URI arm, Target target, List<ArmCall> calls) {
        Sleeper waiting = Sleeper.real();
        ArmClient client =
                new ArmClient(arm, BearerToken.forEndpoint(arm), waiting, ArmClient.Limits.usual(), calls::add);
        return new ArmSubscription(client, target.subscription(), waiting);
    }

    private void show(PlanFile file) {
        PrintWriter out = spec.commandLine().getOut();
        DestroyPlan plan = file.plan();
        out.println("Subscription %s (%s), owner %s, env %s"
                .formatted(
                        plan.subscriptionName(),
                        plan.target().subscription(),
                        plan.target().owner(),
                        plan.target().env()));
        for (ResourceVerdict verdict : plan.destroyed()) {
            out.println("destroy  " + verdict.resource().id());
        }
        for (ResourceVerdict verdict : plan.kept()) {
            out.println("keep     " + verdict.resource().id());
            verdict.reasons().stream().map(Reason::text).forEach(text -> out.println("           " + text));
        }
        plan.softDeleted()
                .forEach(held -> out.println((held.purge() ? "purge    " : "held     ")
                        + held.deleted().id()));
        plan.locks().forEach(lock -> out.println("lock     " + lock));
        plan.names().forEach(name -> out.println("name     %s: %s".formatted(name.name(), name.forecast())));
        for (RebuildProbe.Finding finding : plan.findings()) {
            out.println("%s %s: %s%s"
                    .formatted(
                            finding.holds() ? "rebuild " : "OBSTACLE",
                            finding.question(),
                            finding.seen(),
                            finding.holds() ? "" : "; " + finding.unblock()));
        }
        plan.recovery().forEach(line -> out.println("way back " + line));
        out.println("next     consumer group " + plan.nextGroup() + " or later");
        out.println("%s, sha256 %s".formatted(file.path(), file.sha256()));
        out.println("To execute it: txlookup env destroy --plan %s --confirm %s"
                .formatted(file.path(), file.confirmation()));
    }
}
