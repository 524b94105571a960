package txlookup.cli.env;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.Stage;

@Command(
        name = "recreate",
        description = {
            "Makes a disposable environment from nothing in the seven steps: resources, secrets, schema, backfill,",
            "consumers, smoke test, monitoring; then decides GO or NO_GO. After a kill, the same command resumes.",
            "The database's password and the other secrets are taken from the environment."
        },
        footer = {
            "",
            "Example, on the fake (azure/README.md, Practise a rebuild):",
            "  txlookup env recreate --profile cloud-test --owner kim --env dev --set naming.ttl=2026-12-31 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --arm http://127.0.0.1:18443 \\",
            "    --image registry.example/txlookup@sha256:<64 digits> --yes"
        })
final class EnvRecreateCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private EnvInputs inputs;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProfileOptions options = env.profile();
        ResolvedProfile profile = inputs.profile(options);
        if (profile.profile().stage() == Stage.CLOUD_SECURE && !inputs.isWithin()) {
            throw new IllegalArgumentException(
                    "stage cloud-secure is made by txlookup env promote only, from a stage A rebuild that was decided GO");
        }
        return new EnvCreator(options, inputs, spec.commandLine().getOut()).run(profile);
    }
}
