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
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.recreate.EnvironmentRollout;
import txlookup.azure.revision.Decided;
import txlookup.azure.template.Inputs;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.evidence.Build;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.HeldLock;

/** The lookup API moved to another revision, alone in this folder, with its evidence in the chain. */
record AppMove(ProfileOptions options, SubscriptionOption where, GateInputs gate, String reason, PrintWriter out) {
    /** Going back needs no image. */
    private static final String NO_IMAGE = "none.example/none@sha256:" + "0".repeat(64);

    /** Deploy, or roll back. */
    @FunctionalInterface
    interface Act {
        Decided run(EnvironmentRollout rollout) throws IOException, InterruptedException, SQLException;
    }

    /** @param image empty where none is wanted */
    int run(String image, Act act) throws IOException, InterruptedException, SQLException {
        Profile profile = options.load();
        Target target = where.target(profile);
        String password = profile.database().passwordVariable().orElseThrow();
        Map<String, Secret> secrets = options.secrets(profile).require(List.of(password));
        Inputs inputs = new Inputs(
                image.isEmpty() ? NO_IMAGE : image,
                "",
                Optional.empty(),
                "",
                "",
                List.of(),
                EnvInputs.registryLogin(System.getenv()),
                false);
        List<ArmCall> calls = Collections.synchronizedList(new ArrayList<>());
        HeldLock alone = HeldLock.take(EnvCreator.journals(profile).resolve("lock"));
        try (EnvironmentRollout rollout = new EnvironmentRollout(
                target,
                profile,
                inputs,
                secrets.get(password),
                where.client(calls::add),
                Sleeper.real(),
                gate.judging(profile, System.getenv(), where.arm(), out))) {
            Decided decided = act.run(rollout);
            keep(profile, decided, calls);
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

    private void keep(Profile profile, Decided decided, List<ArmCall> calls) throws IOException {
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
