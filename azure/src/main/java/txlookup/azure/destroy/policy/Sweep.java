package txlookup.azure.destroy.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;
import txlookup.azure.template.KeptParameters;

/** What is due, whoever's it is; and the only other thing that may be done about it than destroying: extending. */
public final class Sweep {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<ReasonCode> NO_MATTER_FOR_A_TAG =
            EnumSet.of(ReasonCode.TTL_UNREADABLE, ReasonCode.TTL_AHEAD, ReasonCode.LOCKED, ReasonCode.GROUP_HOLDS_KEPT);

    private static final Set<String> TO_HAVE_NONE = Set.of("cloud-secure", KeptParameters.STAGE);

    private final ArmSubscription subscription;
    private final Target target;

    /** A sweep through that subscription, for that target's project. */
    public Sweep(ArmSubscription subscription, Target target) {
        this.subscription = subscription;
        this.target = target;
    }

    /**
     * A resource of this project that is due, or whose ttl is no day.
     *
     * @param owner as tagged; empty where it is not
     * @param ttl as tagged; empty where it is not
     */
    public record Due(ArmId id, String owner, String env, String ttl) {}

    /**
     * One ttl that was moved, a line of the audit.
     *
     * @param outcome HTTP status and Azure's correlation id
     */
    public record Extension(
            Instant at, String by, ArmId id, String before, String after, String reason, String outcome) {}

    /** All of the project's that is due on that day. Reads only. */
    public List<Due> due(LocalDate today) throws IOException, InterruptedException {
        List<Due> due = new ArrayList<>();
        for (Resource resource : subscription.read().resources()) {
            if (!tag(resource, "project").equals(target.project())) {
                continue;
            }
            String ttl = tag(resource, TagKey.TTL);
            if (ttl.isEmpty() && TO_HAVE_NONE.contains(tag(resource, "stage"))) {
                continue; // it is to have none
            }
            Optional<LocalDate> day = TagKey.day(ttl);
            if (day.isEmpty() || !day.get().isAfter(today)) {
                due.add(new Due(resource.id(), tag(resource, "owner"), tag(resource, "env"), ttl));
            }
        }
        return due;
    }

    /**
     * Moves the ttl of everything that name and tags show to be this environment's, and writes each to the audit.
     *
     * @throws IllegalArgumentException when the day is not ahead, or there is no reason
     */
    public List<Extension> extend(LocalDate until, String reason, String by, Instant now, Path audit)
            throws IOException, InterruptedException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!until.isAfter(today)) {
            throw new IllegalArgumentException("--extend %s is not ahead of today, %s".formatted(until, today));
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("--extend needs a --reason that says something");
        }
        Inventory inventory = subscription.read();
        List<Extension> extensions = new ArrayList<>();
        for (ResourceVerdict verdict : new DestroyPolicy(target, true).decide(inventory, today)) {
            if (!isOurs(verdict)) {
                continue;
            }
            Resource resource = verdict.resource();
            ArmResponse response = subscription.writeTag(resource.id(), TagKey.TTL, until.toString());
            Extension extension = new Extension(
                    now,
                    by,
                    resource.id(),
                    tag(resource, TagKey.TTL),
                    until.toString(),
                    reason,
                    response.isSuccess()
                            ? "HTTP %d, %s"
                                    .formatted(
                                            response.status(),
                                            response.headers().getOrDefault("x-ms-correlation-request-id", ""))
                            : response.explanation());
            write(extension, audit);
            extensions.add(extension);
        }
        return extensions;
    }

    private static boolean isOurs(ResourceVerdict verdict) {
        Set<ReasonCode> codes = verdict.reasons().stream().map(Reason::code).collect(Collectors.toSet());
        return codes.equals(Set.of(ReasonCode.OURS_BY_NAME_AND_TAGS))
                || (!verdict.destroy() && NO_MATTER_FOR_A_TAG.containsAll(codes));
    }

    private static String tag(Resource resource, String name) {
        List<String> values = TagKey.values(resource.tags(), name);
        return values.size() == 1 ? values.get(0) : "";
    }

    private static void write(Extension extension, Path audit) throws IOException {
        Files.createDirectories(audit.toAbsolutePath().getParent());
        Files.writeString(
                audit,
                JSON.writeValueAsString(extension) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
