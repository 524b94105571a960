package txlookup.issuer;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/** Asks for the password again where the client says {@code prompt=login}: once for each of its requests. */
final class FreshSignIn extends OncePerRequestFilter {
    private static final String ASKED_FOR = "password-asked-for";

    private final HttpSessionSecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String state = request.getParameter("state");
        boolean wanted = request.getRequestURI().equals("/oauth2/authorize")
                && "login".equals(request.getParameter("prompt"))
                && state != null;
        if (wanted && !state.equals(request.getSession().getAttribute(ASKED_FOR))) {
            request.getSession().setAttribute(ASKED_FOR, state);
            SecurityContextHolder.clearContext();
            contexts.saveContext(SecurityContextHolder.createEmptyContext(), request, response);
        }
        chain.doFilter(request, response);
    }
}
