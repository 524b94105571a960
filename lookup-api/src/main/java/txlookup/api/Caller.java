package txlookup.api;

import java.util.List;
import java.util.Set;

/** Who asks, as the audit row names them. */
record Caller(String actor, List<String> roles) {
    static final Caller ANONYMOUS = new Caller("anonymous", List.of());

    static final String READ = "ADMIN_READ";
    static final String AUDIT = "ADMIN_AUDIT";
    static final String OPERATE = "ADMIN_OPERATE";

    private static final Set<String> LOOKUP_ROLES = Set.of(READ, AUDIT);

    boolean hasLookupRole() {
        return roles.stream().anyMatch(LOOKUP_ROLES::contains);
    }

    /** Whether they may see who looked up what. */
    boolean mayAudit() {
        return roles.contains(AUDIT);
    }

    /** Whether they may act, on dead letters for instance. Looking up is no part of it. */
    boolean mayOperate() {
        return roles.contains(OPERATE);
    }
}
