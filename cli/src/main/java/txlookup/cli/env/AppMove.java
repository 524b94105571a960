package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.recreate.EnvironmentRollout;
import txlookup.azure.recreate.WithinJob;
import txlookup.azure.revision.Decided;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.Inputs;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.evidence.Build;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.HeldLock;

/** The lookup API moved to another revision, with its evidence in the chain: by the job within, where there is one. */
final class AppMove {
    /** Going back needs no image. */
    private static final String NO_IMAGE = "none.example/none@sha256:" + "0".repeat(64);

    @Mixin
    private SubscriptionOption where;

    @Mixin
    private GateInputs gate;

    @Option(
            names = "--within",
            negatable = true,
            description = {
                "Have the job within the environment do it, which reaches database, log and services.",
                "Default: where the environment has that job; --no-within does it from here."
            })
    private @Nullable Boolean within;

    @Option(names = "--operator-address", paramLabel = "IPV4", defaultValue = "", description = EnvWithinCommand.LET_IN)
    private String operatorAddress;

    @Option(names = "--imported", hidden = true, description = "The environment's registry has the image.")
    private boolean imported;

    /** Deploy, or roll back. */
    @FunctionalInterface
    interface Act {
        Decided run(EnvironmentRollout rollout) throws IOException, InterruptedException, SQLException;
    }

    /**
     * Moves it.
     *
     * @param name of the command
     * @param image empty where none is wanted
     * @param reason for the evidence
     */
    int run(ProfileOptions options, String name, String image, String reason, Act act, PrintWriter out)
            throws IOException, InterruptedException, SQLException {
        Profile profile = options.load();
        if (isForTheJob(profile)) {
            return fromWithin(profile, command(name, image, reason), image, out);
        }
        Target target = where.target(profile);
        Map<String, Secret> secrets = options.secrets(profile).require(new ContainerSecrets(profile).requiredToReach());
        List<ArmCall> calls = Collections.synchronizedList(new ArrayList<>());
        HeldLock alone = HeldLock.take(EnvCreator.journals(profile).resolve("lock"));
        try (EnvironmentRollout rollout = new EnvironmentRollout(
                target,
                profile,
                inputs(image),
                imported,
                secrets,
                where.client(calls::add),
                Sleeper.real(),
                gate.judging(profile, System.getenv(), where.arm(), out))) {
            Decided decided = act.run(rollout);
            keep(profile, decided, calls, reason, out);
            if (decided.act().equals("rollback-app")) {
                rollout.forgetWithdrawn();
            }
            return decided.go() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IllegalStateException refused) {
            out.println("refused: " + refused.getMessage());
            return ExitCode.NOT_JUDGED;
        } finally {
            alone.close();
        }
    }

    private boolean isForTheJob(Profile profile) throws IOException, InterruptedException {
        if (within != null) {
            return within;
        }
        return !EnvCarryOutCommand.isThisProcess()
                && new WithinJob(where.client(call -> {}), where.target(profile), Sleeper.real())
                        .deployed()
                        .isPresent();
    }

    /** The image is copied from here, where the login of its registry is. */
    private int fromWithin(Profile profile, List<String> command, String image, PrintWriter out)
            throws IOException, InterruptedException {
        if (!image.isEmpty()) {
            EnvironmentRollout.importImage(
                    where.client(call -> {}), where.target(profile), profile, inputs(image), Sleeper.real());
        }
        return EnvWithinCommand.run(profile, where, operatorAddress, command, gate.objectives(profile), out);
    }

    private List<String> command(String name, String image, String reason) {
        List<String> command = new ArrayList<>(List.of("env", name, "--subscription", where.subscription()));
        command.addAll(List.of("--arm", where.arm().toString(), "--reason", reason));
        if (!image.isEmpty()) {
            command.addAll(List.of("--image", image, "--imported"));
        }
        command.addAll(gate.arguments());
        return command;
    }

    private Inputs inputs(String image) {
        return new Inputs(
                image.isEmpty() ? NO_IMAGE : image,
                "",
                Optional.empty(),
                "",
                "",
                List.of(),
                EnvInputs.registryLogin(System.getenv()),
                false);
    }

    private static void keep(Profile profile, Decided decided, List<ArmCall> calls, String reason, PrintWriter out)
            throws IOException {
        for (GateResult result : decided.gates()) {
            out.println("  %s  %s: %s, wanted %s"
                    .formatted(result.passed() ? "pass" : "FAIL", result.gate(), result.measured(), result.wanted()));
        }
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("stage", profile.stage().name());
        inputs.put("owner", profile.naming().owner());
        inputs.put("env", profile.naming().env());
        inputs.put("reason", reason);
        inputs.put("build", Build.ofThisProcess(System.getenv()));
        inputs.put("requests", calls.size());
        Path evidence = new EvidenceChain(EnvCommand.EVIDENCE)
                .append(decided.act() + "-" + decided.to().name(), decided.evidence(inputs));
        out.println("%s: revision %s answers%s"
                .formatted(decided.verdict(), decided.serving(), decided.go() ? "" : "; " + decided.reason()));
        out.println("evidence in " + evidence);
    }
}
