package txlookup.api.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;

/** Takes the caller's word for who they are: {@link Authentication.Disabled}. */
public final class HeaderCallers implements Callers {
    private static final String ACTOR = "X-Actor-Id";
    private static final String ROLES = "X-Actor-Roles";

    private final List<String> usualRoles;

    /** @param usualRoles of who names none */
    public HeaderCallers(List<String> usualRoles) {
        this.usualRoles = usualRoles;
    }

    @Override
    public Caller admit(HttpServletRequest request) {
        String actor = request.getHeader(ACTOR);
        String roles = request.getHeader(ROLES);
        return new Caller(
                actor == null || actor.isBlank() ? Caller.ANONYMOUS.actor() : actor.strip(),
                roles == null ? usualRoles : split(roles));
    }

    private static List<String> split(String roles) {
        return Arrays.stream(roles.split("[,\\s]+"))
                .filter(role -> !role.isEmpty())
                .toList();
    }
}
