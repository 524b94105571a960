package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.check.Finding;
import txlookup.azure.check.FirstRunCheck;
import txlookup.azure.destroy.policy.Target;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretsMode;

@Command(
        name = "check",
        description = {
            "Asks read-only for all that the first run needs: providers, permissions, names, quotas, secrets, the token.",
            "Lists what is missing and what to do about it (azure/FIRST-RUN.md).",
            "Exit code 1 when something is missing."
        })
final class EnvCheckCommand implements Callable<Integer> {
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
        ArmClient client = where.client(call -> {});
        List<Finding> findings = new ArrayList<>(new OperatorCheck(profile, where.arm(), System.getenv()).run());
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
}
