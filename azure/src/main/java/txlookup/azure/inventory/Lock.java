package txlookup.azure.inventory;

import txlookup.azure.arm.ArmId;

/**
 * A management lock; it holds for its scope and all below.
 *
 * @param level {@code CanNotDelete} or {@code ReadOnly}
 * @param notes why it is there, by whoever set it
 */
public record Lock(ArmId id, ArmId scope, String level, String notes) {
    /** Who may take it away; this program never does. */
    public static final String LIFTED_BY =
            "Owner or User Access Administrator on the scope (Microsoft.Authorization/locks/delete)";
}
