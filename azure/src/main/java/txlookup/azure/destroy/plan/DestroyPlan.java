package txlookup.azure.destroy.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;

/**
 * What will be destroyed and what not, and why; the unit that is shown, confirmed and executed.
 *
 * @param format version of this form
 * @param endpoint the resource manager that was asked
 * @param early why a ttl that is ahead is passed over; null when none is
 * @param retire whether the environment is not to be made again
 * @param verdicts every resource and group of the subscription that is destroyed or could be meant
 * @param mayAppear what Azure itself may still add; it goes with the group
 * @param softDeleted deleted ones that hold this environment's names
 * @param locks each with who can lift it
 * @param names which names will be free again
 * @param rebuildFrom what it is made again from
 * @param findings whether it could be made again when the plan was made
 * @param recovery the way back
 * @param nextGroup the consumer group of a rebuild at the time of the plan; a later one has a greater number
 */
public record DestroyPlan(
        int format,
        Instant made,
        String endpoint,
        String subscriptionName,
        Target target,
        @Nullable String early,
        boolean retire,
        List<ResourceVerdict> verdicts,
        List<ArmId> mayAppear,
        List<SoftDeleted> softDeleted,
        List<String> locks,
        List<NameForecast> names,
        RebuildSource rebuildFrom,
        List<RebuildProbe.Finding> findings,
        List<String> recovery,
        String nextGroup) {
    static final int FORMAT = 1;

    public DestroyPlan {
        verdicts = List.copyOf(verdicts);
        mayAppear = List.copyOf(mayAppear);
        softDeleted = List.copyOf(softDeleted);
        locks = List.copyOf(locks);
        names = List.copyOf(names);
        findings = List.copyOf(findings);
        recovery = List.copyOf(recovery);
    }

    /** What goes, in the order in which it goes. */
    public List<ResourceVerdict> destroyed() {
        return verdicts.stream()
                .filter(ResourceVerdict::destroy)
                .sorted(Comparator.comparingInt((ResourceVerdict verdict) ->
                                rank(verdict.resource().id()))
                        .thenComparing(verdict -> verdict.resource().id()))
                .toList();
    }

    /** What stays. */
    public List<ResourceVerdict> kept() {
        return verdicts.stream().filter(verdict -> !verdict.destroy()).toList();
    }

    /** What Azure made itself goes before the containers, and so before the component that it was made for. */
    private static int rank(ArmId id) {
        List<AzureKind> order = List.of(AzureKind.values());
        return order.stream()
                .filter(kind -> kind.isOf(id.type()))
                .findFirst()
                .map(order::indexOf)
                .orElseGet(() -> order.indexOf(AzureKind.CONTAINER_ENVIRONMENT));
    }
}
