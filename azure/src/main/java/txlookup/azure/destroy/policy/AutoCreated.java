package txlookup.azure.destroy.policy;

import java.util.List;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.Resource;
import txlookup.profiles.naming.Naming;

/**
 * What Azure itself adds, untagged and minutes later, beside an Application Insights component (docs/azure-facts.md,
 * B): the whole list. With any tag on it, it is someone's and no longer of this list.
 */
public final class AutoCreated {
    private static final String DETECTOR_TYPE = "microsoft.alertsmanagement/smartdetectoralertrules";
    private static final String DETECTOR = "Failure Anomalies - ";
    private static final String ACTION_GROUP_TYPE = "microsoft.insights/actiongroups";
    private static final String ACTION_GROUP = "Application Insights Smart Detection";

    private AutoCreated() {}

    static boolean mayBe(Resource resource) {
        ArmId id = resource.id();
        return resource.tags().isEmpty()
                && id.isTopLevel()
                && ((id.type().equals(DETECTOR_TYPE) && startsWith(id.name(), DETECTOR))
                        || (id.type().equals(ACTION_GROUP_TYPE) && id.name().equalsIgnoreCase(ACTION_GROUP)));
    }

    /** Whether it names that environment's component, or is the one action group of its group. */
    static boolean isFor(ArmId id, Naming naming) {
        return id.type().equals(ACTION_GROUP_TYPE)
                || id.name().equalsIgnoreCase(DETECTOR + AzureKind.APPLICATION_INSIGHTS.name(naming));
    }

    /** What may still appear in that group after a plan was made. */
    public static List<ArmId> expected(ArmId group, Naming naming) {
        return List.of(
                group.child(
                        "providers/" + DETECTOR_TYPE + "/" + DETECTOR + AzureKind.APPLICATION_INSIGHTS.name(naming)),
                group.child("providers/" + ACTION_GROUP_TYPE + "/" + ACTION_GROUP));
    }

    private static boolean startsWith(String name, String start) {
        return name.regionMatches(true, 0, start, 0, start.length());
    }
}
