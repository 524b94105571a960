package txlookup.azure.destroy.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.profiles.digest.Sha256;

/**
 * A plan as a file, and the digest by which it is confirmed.
 *
 * @param sha256 of the file's bytes, in lower-case hexadecimal
 */
public record PlanFile(Path path, DestroyPlan plan, String sha256) {
    /** How much of the digest confirms a plan. */
    public static final int CONFIRMATION_LENGTH = 12;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Writes it to a file that is not there yet. */
    public static PlanFile write(DestroyPlan plan, Path path) throws IOException {
        if (Files.exists(path)) {
            throw new IllegalArgumentException(
                    "%s exists; a plan may be under way, so it is not overwritten; give another --out".formatted(path));
        }
        byte[] bytes = JSON.writeValueAsBytes(plan);
        if (path.toAbsolutePath().getParent() != null) {
            Files.createDirectories(path.toAbsolutePath().getParent());
        }
        Files.write(path, bytes);
        return new PlanFile(path, plan, Sha256.hex(bytes));
    }

    /**
     * Reads one that somebody confirmed.
     *
     * @param confirmation the first 12 digits of its digest
     * @throws IllegalArgumentException when it is another plan, or none
     */
    public static PlanFile read(Path path, String confirmation) throws IOException {
        if (path.toString().isBlank() || !Files.isRegularFile(path)) {
            throw new IllegalArgumentException(
                    "the plan \"%s\" is not a file; txlookup env plan makes one".formatted(path));
        }
        byte[] bytes = Files.readAllBytes(path);
        String sha256 = Sha256.hex(bytes);
        if (confirmation == null || !confirmation.equals(sha256.substring(0, CONFIRMATION_LENGTH))) {
            throw new IllegalArgumentException(
                    "--confirm \"%s\" does not confirm %s: it is the first %d digits of the sha256 that env plan showed; if the file was changed since, make a new plan"
                            .formatted(confirmation == null ? "" : confirmation, path, CONFIRMATION_LENGTH));
        }
        DestroyPlan plan;
        try {
            plan = JSON.readValue(bytes, DestroyPlan.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s is not a plan: %s; txlookup env plan makes one".formatted(path, e.getOriginalMessage()), e);
        }
        if (plan.format() != DestroyPlan.FORMAT) {
            throw new IllegalArgumentException("%s has form %d, this program reads form %d; make a new plan"
                    .formatted(path, plan.format(), DestroyPlan.FORMAT));
        }
        return new PlanFile(path, plan, sha256);
    }

    /** What has to be typed to confirm it. */
    public String confirmation() {
        return sha256.substring(0, CONFIRMATION_LENGTH);
    }
}
