package txlookup.azure.destroy.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.policy.Target;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;

/**
 * How the execution of a plan ended; the evidence.
 *
 * @param destroyed what is gone, in the order in which it went
 * @param left what the plan destroys and is there still, asked for once more; empty when it is done
 * @param why what stopped it; empty when it is done
 * @param next how to go on; empty when it is done
 * @param calls every request of this run
 */
public record DestroyReport(
        String planSha256,
        Target target,
        Instant started,
        Instant ended,
        Outcome outcome,
        List<Gone> destroyed,
        List<String> left,
        String why,
        String next,
        List<RebuildProbe.Finding> findings,
        List<ArmCall> calls) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public DestroyReport {
        destroyed = List.copyOf(destroyed);
        left = List.copyOf(left);
        findings = List.copyOf(findings);
        calls = List.copyOf(calls);
    }

    /** How it ended. */
    public enum Outcome {
        /** All that the plan destroys is gone, and was looked for once more. */
        DONE,
        /** Nothing was asked for: the environment could not be made again. */
        REFUSED,
        /** Something is not as the plan says; a new plan is needed. */
        DRIFT,
        /** Azure refused or did not answer; the same command goes on. */
        INCOMPLETE
    }

    /**
     * One that is gone.
     *
     * @param how what was seen
     */
    public record Gone(ArmId id, Instant at, String how) {}

    /** Writes it to a folder of its own below that one, and chains it to the evidence that is there. */
    public Path write(Path evidenceFolder) throws IOException {
        String name = "destroy-%s-%s"
                .formatted(
                        planSha256.substring(0, PlanFile.CONFIRMATION_LENGTH),
                        ended.toString().replaceAll("[^0-9TZ]", ""));
        Path folder = Files.createDirectories(evidenceFolder.resolve(name));
        Path file = folder.resolve("destroy.json");
        byte[] json = JSON.writeValueAsBytes(this);
        Files.write(file, json);
        new EvidenceChain(evidenceFolder).append(name, bundle().attach("destroy.json", json));
        return file;
    }

    private Bundle.Draft bundle() {
        Bundle.Draft draft = new Bundle.Draft(
                        "destroy", "%s/%s".formatted(target.owner(), target.env()), outcome.name())
                .add("plan", Map.of("sha256", planSha256, "target", target))
                .add("run", Map.of("started", started, "ended", ended, "requests", calls.size()));
        destroyed.forEach(gone -> draft.add("gone", gone));
        return draft.add("decision", Map.of("outcome", outcome, "left", left, "why", why, "next", next));
    }
}
