package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.Planner;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.plan.RebuildReadiness;
import txlookup.azure.destroy.plan.RebuildSource;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.Profile;

@Command(
        name = "plan",
        description = {
            "Reads the subscription and writes what destroying would do: every resource with its verdict and all",
            "reasons, locks, deleted names, names that will not be free again, the way back. Changes nothing."
        })
final class EnvPlanCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private SubscriptionOption where;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "destroy-plan.json")
    private Path out;

    @Option(names = "--early", description = "Ignore a ttl in the future; needs --reason.")
    private boolean early;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "")
    private String reason;

    @Option(names = "--retire", description = "Destroy for good: skip the checks that it can be made again.")
    private boolean retire;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Profile profile = env.profile().load();
        Target target = where.target(profile);
        List<ArmCall> calls = new ArrayList<>();
        ArmSubscription subscription = SubscriptionOption.open(where.arm(), target, calls);
        RebuildSource rebuildFrom = RebuildSource.of(profile);
        Planner.Request request = new Planner.Request(
                target,
                early ? Optional.of(reason) : Optional.empty(),
                retire,
                rebuildFrom,
                where.arm().toString(),
                subscription.displayName());
        PlanFile file = PlanFile.write(
                new Planner(
                                subscription,
                                new RebuildReadiness(rebuildFrom, env.profile().secrets(profile), Clock.systemUTC()))
                        .plan(request, Instant.now()),
                out);
        show(file);
        return ExitCode.DONE;
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
