package txlookup.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;
import txlookup.api.auth.Caller;
import txlookup.api.config.Authentication;

/** Takes the caller's word for who they are: {@link Authentication.Disabled}. */
final class HeaderCallers extends OncePerRequestFilter {
    private static final String ACTOR = "X-Actor-Id";
    private static final String ROLES = "X-Actor-Roles";

    private final List<String> usualRoles;

    /** @param usualRoles of who names none */
    HeaderCallers(List<String> usualRoles) {
        this.usualRoles = usualRoles;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String actor = request.getHeader(ACTOR);
        String roles = request.getHeader(ROLES);
        SecurityContextHolder.setContext(new SecurityContextImpl(new PreAuthenticatedAuthenticationToken(
                actor == null || actor.isBlank() ? Caller.ANONYMOUS.actor() : actor.strip(),
                "",
                AuthorityUtils.createAuthorityList(roles == null ? usualRoles : split(roles)))));
        chain.doFilter(request, response);
    }

    private static List<String> split(String roles) {
        return Arrays.stream(roles.split("[,\\s]+"))
                .filter(role -> !role.isEmpty())
                .toList();
    }
}
