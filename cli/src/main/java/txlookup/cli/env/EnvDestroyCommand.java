package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.RebuildReadiness;
import txlookup.azure.destroy.run.DestroyJournal;
import txlookup.azure.destroy.run.DestroyReport;
import txlookup.azure.destroy.run.Destroyer;
import txlookup.azure.destroy.run.Patience;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.secrets.SecretSource;

@Command(
        name = "destroy",
        description = {
            "Executes exactly that plan. It reads each resource again before its deletion, and stops at anything",
            "that differs from the plan. After a kill, the same command resumes.",
            "Before the first deletion it exports the last rows of the audit, to audit.exportTo of the profile.",
            "Exit code 0 when all is gone, 1 when something is left, 2 when it could not be made again."
        })
final class EnvDestroyCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Option(names = "--plan", required = true, paramLabel = "FILE")
    private Path plan;

    @Option(
            names = "--confirm",
            required = true,
            paramLabel = "DIGITS",
            description = "The first 12 digits of the plan's sha256.")
    private String confirm;

    @Option(names = "--discard-audit", description = "Let the audit go with its store, also what is not exported.")
    private boolean discardAudit;

    @Option(
            names = "--actor",
            defaultValue = "${sys:user.name}",
            description = "Who orders it, for the audit. Default: ${DEFAULT-VALUE}.")
    private String actor;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
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
                            SubscriptionOption.open(URI.create(confirmed.endpoint()), confirmed.target(), calls),
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
                            new AuditBeforeDestruction(env.profile(), confirmed, journal, actor, discardAudit, out))
                    .run(confirmed, file.sha256(), journal);
            Path evidence = report.write(EnvCommand.EVIDENCE);
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
}
