package txlookup.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import txlookup.api.auth.Callers;
import txlookup.api.generation.GenerationHeaders;
import txlookup.api.generation.Generations;

/** Says how old the data is to who is known: a stranger learns nothing of it. It comes after the chains that know who asks. */
public final class FreshnessHeaders extends HttpFilter {
    /** Where they are given. */
    public static final String LOOKUPS = "/admin/*";

    private final transient Generations generations;

    public FreshnessHeaders(Generations generations) {
        this.generations = generations;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Callers.isKnown()) {
            GenerationHeaders.set(generations.age(), response);
        }
        chain.doFilter(request, response);
    }
}
