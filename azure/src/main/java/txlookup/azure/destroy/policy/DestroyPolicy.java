package txlookup.azure.destroy.policy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;

/**
 * Who may be destroyed: a function of the target, an inventory and the day, and of nothing else. Everything is kept
 * unless its name and its tags both say that it is this environment's, its ttl is due, and nobody else has a hand on it
 * (docs/policy.md, Guardrails).
 */
public final class DestroyPolicy {
    private final Target target;
    private final boolean early;
    private final NameKey nameKey;
    private final TagKey tagKey;

    /**
     * The policy for that environment.
     *
     * @param early whether a ttl that is ahead may be passed over; nothing else can be
     */
    public DestroyPolicy(Target target, boolean early) {
        this.target = target;
        this.early = early;
        this.nameKey = new NameKey(target.naming());
        this.tagKey = new TagKey(target.naming());
    }

    /** The verdict on each resource and group, in the inventory's order. */
    public List<ResourceVerdict> decide(Inventory inventory, LocalDate today) {
        ExternalOwnership hands = new ExternalOwnership(inventory);
        IdentityHashMap<Resource, List<Reason>> own = new IdentityHashMap<>();
        for (Resource resource : inventory.resources()) {
            own.put(resource, reasonsOfItsOwn(resource, inventory, hands, today));
        }
        IdentityHashMap<Resource, ResourceVerdict> verdicts = new IdentityHashMap<>();
        Map<ArmId, ResourceVerdict> byId = new HashMap<>();
        for (Resource resource : inventory.resources()) {
            if (!resource.id().isGroup()) {
                ResourceVerdict verdict = AutoCreated.mayBe(resource)
                        ? autoCreated(resource, inventory, hands, own)
                        : verdict(resource, own.get(resource));
                verdicts.put(resource, verdict);
                byId.put(resource.id(), verdict);
            }
        }
        for (Resource resource : inventory.resources()) {
            if (resource.id().isGroup()) {
                verdicts.put(resource, group(resource, own.get(resource), inventory, byId));
            }
        }
        return inventory.resources().stream().map(verdicts::get).toList();
    }

    /** The reasons against one resource that is no longer there but holds its name: name, tags and ttl. */
    public List<Reason> againstPurging(ArmId id, Map<String, String> tags, LocalDate today) {
        List<Reason> reasons = new ArrayList<>();
        wholly(id, reasons);
        nameKey.judge(id.type(), id.name()).ifPresent(reasons::add);
        reasons.addAll(tagKey.judge(tags));
        tagKey.judgeTtl(tags, today, early).ifPresent(reasons::add);
        return reasons;
    }

    private List<Reason> reasonsOfItsOwn(
            Resource resource, Inventory inventory, ExternalOwnership hands, LocalDate today) {
        List<Reason> reasons = new ArrayList<>();
        ArmId id = resource.id();
        wholly(id, reasons);
        once(id, inventory, reasons);
        deployed(id, inventory, reasons);
        reasons.addAll(hands.judge(resource));
        if (!id.isGroup() && !id.isTopLevel()) {
            reasons.add(new Reason(ReasonCode.PART_OF_ANOTHER, "it is part of a resource and goes only with it"));
            return reasons;
        }
        nameKey.judge(id.type(), id.name()).ifPresent(reasons::add);
        reasons.addAll(tagKey.judge(resource.tags()));
        tagKey.judgeTtl(resource.tags(), today, early).ifPresent(reasons::add);
        if (!id.isGroup()) {
            besides(resource, hands, reasons);
            holds(resource, inventory, reasons);
        }
        return reasons;
    }

    private void wholly(ArmId id, List<Reason> reasons) {
        if (!id.isWellFormed()) {
            reasons.add(new Reason(ReasonCode.ID_UNREADABLE, "its id is not spelt as Azure spells ids"));
        }
        if (!id.subscription().equalsIgnoreCase(target.subscription())) {
            reasons.add(new Reason(ReasonCode.OTHER_SUBSCRIPTION, "it is in subscription " + id.subscription()));
        }
        if (!target.isDisposable()) {
            reasons.add(new Reason(
                    ReasonCode.STAGE_NOT_DISPOSABLE, "the stage is " + target.stage() + ", which is not disposable"));
        }
    }

    private static void once(ArmId id, Inventory inventory, List<Reason> reasons) {
        if (inventory.resources().stream()
                        .filter(other -> other.id().equals(id))
                        .count()
                > 1) {
            reasons.add(new Reason(
                    ReasonCode.LISTED_TWICE, "it is listed more than once, so it is unclear which one holds"));
        }
    }

    /** What the deployment says of the stage wins over any tag, which anybody can write. */
    private static void deployed(ArmId id, Inventory inventory, List<Reason> reasons) {
        id.group()
                .map(inventory.stages()::get)
                .filter(stage -> !stage.equals(Target.DISPOSABLE_STAGE))
                .ifPresent(stage -> reasons.add(new Reason(
                        ReasonCode.DEPLOYED_AS_ANOTHER,
                        "its group was deployed as stage %s, which is not disposable".formatted(stage))));
    }

    private void besides(Resource resource, ExternalOwnership hands, List<Reason> reasons) {
        List<Resource> groups = hands.groupOf(resource);
        if (groups.isEmpty()) {
            reasons.add(new Reason(ReasonCode.GROUP_UNKNOWN, "its group is not in the subscription's list"));
        }
        for (Resource group : groups) {
            boolean nameSaysAnother = nameKey.read(group.id().name())
                    .filter(reading -> !nameKey.isOurs(reading))
                    .isPresent();
            if (nameSaysAnother || tagKey.contradict(group.tags())) {
                reasons.add(new Reason(
                        ReasonCode.GROUP_OF_ANOTHER,
                        "its group %s with tags %s says that it is someone else's"
                                .formatted(group.id().name(), group.tags())));
            }
        }
    }

    /** A child without tags is its parent's; one that says otherwise would be lost with it. */
    private void holds(Resource resource, Inventory inventory, List<Reason> reasons) {
        for (Resource child : inventory.resources()) {
            if (child.id().isBelow(resource.id())
                    && (!child.managedBy().isBlank()
                            || ExternalOwnership.isDatabricks(child)
                            || tagKey.contradict(child.tags()))) {
                reasons.add(new Reason(
                        ReasonCode.HOLDS_FOREIGN, "it holds %s, which is someone else's".formatted(child.id())));
            }
        }
    }

    private ResourceVerdict autoCreated(
            Resource resource,
            Inventory inventory,
            ExternalOwnership hands,
            IdentityHashMap<Resource, List<Reason>> own) {
        List<Reason> reasons = new ArrayList<>();
        wholly(resource.id(), reasons);
        once(resource.id(), inventory, reasons);
        deployed(resource.id(), inventory, reasons);
        reasons.addAll(hands.judge(resource));
        List<Resource> groups = hands.groupOf(resource);
        boolean beside = !groups.isEmpty()
                && groups.stream().allMatch(group -> own.get(group).isEmpty());
        boolean componentsAreOurs = inventory.resources().stream()
                .filter(other -> other.id().isTopLevel()
                        && AzureKind.APPLICATION_INSIGHTS.isOf(other.id().type())
                        && other.id().group().equals(resource.id().group()))
                .allMatch(other -> own.get(other).isEmpty());
        if (!beside || !componentsAreOurs || !AutoCreated.isFor(resource.id(), target.naming())) {
            reasons.add(
                    new Reason(
                            ReasonCode.NOT_BESIDE_OURS,
                            "Azure makes such ones beside an Application Insights component, and not only ours is meant by this one"));
        }
        return reasons.isEmpty()
                ? new ResourceVerdict(
                        resource,
                        true,
                        List.of(new Reason(
                                ReasonCode.AUTO_CREATED,
                                "made by Azure itself beside our Application Insights component")))
                : new ResourceVerdict(resource, false, reasons);
    }

    private ResourceVerdict group(
            Resource group, List<Reason> own, Inventory inventory, Map<ArmId, ResourceVerdict> verdicts) {
        List<Reason> reasons = new ArrayList<>(own);
        for (Resource resource : inventory.resources()) {
            if (resource.id().isBelow(group.id()) && !goesAnyway(resource.id(), verdicts)) {
                reasons.add(new Reason(ReasonCode.GROUP_HOLDS_KEPT, "it holds " + resource.id() + ", which is kept"));
            }
        }
        return verdict(group, reasons);
    }

    private static boolean goesAnyway(ArmId id, Map<ArmId, ResourceVerdict> verdicts) {
        if (id.isTopLevel()) {
            return verdicts.get(id).destroy();
        }
        return verdicts.values().stream()
                .anyMatch(verdict ->
                        verdict.destroy() && id.isBelow(verdict.resource().id()));
    }

    private ResourceVerdict verdict(Resource resource, List<Reason> reasons) {
        return reasons.isEmpty()
                ? new ResourceVerdict(
                        resource,
                        true,
                        List.of(new Reason(
                                ReasonCode.OURS_BY_NAME_AND_TAGS,
                                "name and tags both say owner " + target.owner() + ", env " + target.env() + "; ttl "
                                        + String.join(",", TagKey.values(resource.tags(), TagKey.TTL))
                                        + "; no lock, nobody else manages it")))
                : new ResourceVerdict(resource, false, reasons);
    }
}
