package txlookup.api.auth;

import java.util.List;
import java.util.Set;

/** Who asks, as the audit row names them. */
public record Caller(String actor, List<String> roles) {
    /** Who did not say who they are. */
    public static final Caller ANONYMOUS = new Caller("anonymous", List.of());

    /** May look up. */
    public static final String READ = "ADMIN_READ";
    /** May look up, and see who looked up what. */
    public static final String AUDIT = "ADMIN_AUDIT";
    /** May act. */
    public static final String OPERATE = "ADMIN_OPERATE";
    /** Sees personal data where others see it masked. Looking up is no part of it. */
    public static final String PII = "ADMIN_PII";

    private static final Set<String> LOOKUP_ROLES = Set.of(READ, AUDIT);

    public boolean hasLookupRole() {
        return roles.stream().anyMatch(LOOKUP_ROLES::contains);
    }

    /** Whether they may see who looked up what. */
    public boolean mayAudit() {
        return roles.contains(AUDIT);
    }

    /** Whether they may act, on dead letters for instance. Looking up is no part of it. */
    public boolean mayOperate() {
        return roles.contains(OPERATE);
    }
}
