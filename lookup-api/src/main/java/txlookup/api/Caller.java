package txlookup.api;

import java.util.List;
import java.util.Set;

/** Who asks, as the audit row names them. */
record Caller(String actor, List<String> roles) {
    static final Caller ANONYMOUS = new Caller("anonymous", List.of());

    private static final Set<String> LOOKUP_ROLES = Set.of("ADMIN_READ", "ADMIN_AUDIT");

    boolean hasLookupRole() {
        return roles.stream().anyMatch(LOOKUP_ROLES::contains);
    }
}
