package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.check.TemplateDrift;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.Profile;

@Command(
        name = "drift",
        description = {
            "Compares an environment with what was deployed, by Azure's what-if. Changes nothing and needs no secret.",
            "Secrets are not compared, and neither are settings that the templates do not name.",
            "Exit code 1 when something differs."
        })
final class EnvDriftCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private SubscriptionOption where;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Profile profile = env.profile().load();
        Target target = where.target(profile);
        ArmId group = ArmId.ofSubscription(target.subscription())
                .child("resourceGroups/" + AzureKind.RESOURCE_GROUP.name(profile.naming()));
        List<TemplateDrift.Difference> differences =
                new TemplateDrift(where.client(call -> {}), group, Sleeper.real()).run();
        PrintWriter out = spec.commandLine().getOut();
        differences.forEach(one -> out.println("%s%n  %s".formatted(one.resource(), one.what())));
        out.println("%d differences in %s".formatted(differences.size(), group.name()));
        return differences.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
