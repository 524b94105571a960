package txlookup.azure.recreate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.Stage;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.Entry;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.judge.ObjectiveResults;

/**
 * Whether a stage A rebuild allows stage B (docs/policy.md, "Stages"): decided GO, not long ago, with every step and
 * gate, of the very image that stage B gets, and of the commit where both are known. Only what the evidence's chain holds
 * is believed, and only while the whole chain is as it was written. Anything that cannot be told is a refusal.
 */
public final class Promotion {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String WANTED =
            "give the folder of a stage A rebuild that was decided GO, in .txlookup/evidence";
    private static final int STEPS = 7;
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final ObjectNode evidence;
    private final Path folder;
    private final List<String> faults;
    private final List<String> overruled;

    private Promotion(ObjectNode evidence, Path folder, List<String> faults, List<String> overruled) {
        this.evidence = evidence;
        this.folder = folder;
        this.faults = List.copyOf(faults);
        this.overruled = List.copyOf(overruled);
    }

    /**
     * Reads the evidence of a rebuild, and verifies the chain that it is in.
     *
     * @param file a file of the bundle's folder, or that folder
     * @throws IllegalArgumentException when no bundle is there
     * @throws IOException when it cannot be read as one
     */
    public static Promotion read(Path file) throws IOException {
        Path folder =
                (Files.isRegularFile(file) ? file.toAbsolutePath().getParent() : file.toAbsolutePath()).normalize();
        Path name = folder.getFileName();
        Path all = folder.getParent();
        if (name == null || all == null) {
            throw new IllegalArgumentException("%s is not a bundle's folder; %s".formatted(folder, WANTED));
        }
        EvidenceChain chain = new EvidenceChain(all);
        Bundle bundle = chain.read(name.toString())
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no evidence at %s; %s".formatted(folder.resolve("bundle.json"), WANTED)));
        List<String> overruled = new ArrayList<>();
        boolean later = false;
        for (EvidenceChain.Listed listed : chain.list()) {
            if (later && contradicts(listed.bundle(), bundle.subject())) {
                overruled.add(
                        "%s says %s".formatted(listed.name(), listed.bundle().verdict()));
            }
            later |= listed.name().equals(name.toString());
        }
        return new Promotion(of(bundle), folder, chain.verify(), overruled);
    }

    private static boolean contradicts(Bundle later, String subject) {
        return later.subject().equals(subject) && Set.of("NO_GO", "FAIL").contains(later.verdict());
    }

    private static ObjectNode of(Bundle bundle) {
        ObjectNode evidence = JSON.createObjectNode().put("act", bundle.act());
        evidence.putArray("step");
        evidence.putArray("gate");
        for (Entry entry : bundle.entries()) {
            JsonNode content = JSON.valueToTree(entry.content());
            if (evidence.path(entry.kind()).isArray()) {
                evidence.withArray("/" + entry.kind()).add(content);
            } else {
                evidence.set(entry.kind(), content);
            }
        }
        return evidence;
    }

    /**
     * Everything that stands against it; empty when it may go on.
     *
     * @param longest how old the evidence may be
     * @param digest of the image that stage B is to run
     * @param gitSha the commit that is promoted; empty where it is not known here
     */
    public List<String> refusals(Instant now, Duration longest, String digest, String gitSha) {
        List<String> refusals = new ArrayList<>();
        faults.forEach(fault -> refusals.add("CHAIN_BROKEN: " + fault));
        overruled.forEach(verdict -> refusals.add("OVERRULED: later evidence of the same generation, " + verdict));
        origin(refusals);
        JsonNode decision = evidence.path("decision");
        boolean go = decision.path("go").asBoolean(false)
                || decision.path("verdict").asString("").equals("GO");
        if (!go || decision.path("verdict").asString("GO").equals("NO_GO")) {
            refusals.add("NOT_GO: it was decided NO_GO, %s"
                    .formatted(decision.path("reason").asString("without a reason")));
        }
        Set<String> steps = new TreeSet<>();
        evidence.path("step").forEach(step -> steps.add(step.path("step").asString("")));
        if (steps.size() != STEPS) {
            refusals.add("STEPS_MISSING: it has %d of %d steps".formatted(steps.size(), STEPS));
        }
        gates(refusals);
        age(now, longest, refusals);
        build(digest, gitSha, refusals);
        return refusals;
    }

    private void origin(List<String> refusals) {
        String act = evidence.path("act").asString("");
        if (!act.equals("rebuild")) {
            refusals.add("NO_REBUILD: it is the evidence of a %s".formatted(act));
        }
        String stage = evidence.path("inputs").path("stage").asString("");
        if (!stage.equals(Stage.CLOUD_TEST.name())) {
            refusals.add("OTHER_STAGE: it is of stage %s, not %s".formatted(stage, Stage.CLOUD_TEST.name()));
        }
    }

    private void gates(List<String> refusals) {
        List<String> judged = new ArrayList<>();
        for (JsonNode gate : evidence.path("gate")) {
            String name = gate.path("gate").asString("a gate without a name");
            judged.add(name);
            if (!gate.path("passed").asBoolean(false)) {
                refusals.add("GATE_FAILED: " + name);
            }
        }
        List<String> wanted = new ArrayList<>(List.of("smoke hit", "smoke miss"));
        ObjectiveResults.OF_THE_POLICY.forEach(objective -> wanted.add(ObjectiveResults.title(objective)));
        wanted.stream()
                .filter(name -> judged.stream().noneMatch(gate -> gate.equals(name) || gate.startsWith(name + " ")))
                .forEach(name -> refusals.add("GATES_MISSING: %s was not judged".formatted(name)));
    }

    private void age(Instant now, Duration longest, List<String> refusals) {
        String ended = evidence.path("generation").path("ended").asString("");
        try {
            Duration age = Duration.between(Instant.parse(ended), now);
            if (age.compareTo(longest) > 0) {
                refusals.add("TOO_OLD: it ended %s, %d h ago; at most %d h are allowed"
                        .formatted(ended, age.toHours(), longest.toHours()));
            } else if (age.compareTo(CLOCKS_DIFFER.negated()) < 0) {
                refusals.add("FROM_THE_FUTURE: it ended %s; look at the clocks".formatted(ended));
            }
        } catch (DateTimeException e) {
            refusals.add("AGE_UNKNOWN: it says that it ended \"%s\"".formatted(ended));
        }
    }

    private void build(String digest, String gitSha, List<String> refusals) {
        boolean sameImage = evidence.path("step")
                .valueStream()
                .anyMatch(step -> step.path("detail").asString("").contains("image " + digest));
        if (!sameImage) {
            refusals.add("OTHER_IMAGE: it is not of image %s".formatted(digest));
        }
        String theirs = evidence.path("build").path("gitSha").asString("");
        if (!theirs.isEmpty() && !gitSha.isEmpty() && !theirs.startsWith(gitSha) && !gitSha.startsWith(theirs)) {
            refusals.add("OTHER_BUILD: it is of commit %s and this is %s".formatted(theirs, gitSha));
        }
    }

    /** The evidence's folder and generation, to be shown. */
    public String describe() {
        return "%s, generation %s, ended %s"
                .formatted(
                        folder,
                        evidence.path("generation").path("generation").asString("?"),
                        evidence.path("generation").path("ended").asString("?"));
    }
}
