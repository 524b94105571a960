package txlookup.azure.inventory;

import txlookup.azure.arm.ArmId;

/**
 * A deny assignment; nobody can take it away but the platform that set it.
 *
 * @param systemProtected whether the platform keeps it from being changed
 */
public record DenyAssignment(ArmId id, ArmId scope, String name, boolean systemProtected) {}
