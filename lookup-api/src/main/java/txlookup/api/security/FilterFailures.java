package txlookup.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.servlet.HandlerExceptionResolver;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.web.ProblemException;

/** Answers what fails in a filter, before a page is reached, as a page's failure is answered. */
final class FilterFailures extends HttpFilter {
    private final transient ObjectProvider<HandlerExceptionResolver> resolvers;
    private final transient ObjectProvider<AuditedRequests> desk;

    FilterFailures(ObjectProvider<HandlerExceptionResolver> resolvers, ObjectProvider<AuditedRequests> desk) {
        this.resolvers = resolvers;
        this.desk = desk;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException e) {
            answer(request, response, cause(e));
        }
    }

    /** A form that another site may have sent: it is audited, since it would have been an act. */
    void answerForgedForm(HttpServletRequest request, HttpServletResponse response) {
        ProblemException refused;
        try {
            refused = desk.getObject()
                    .refuse(request, "the form's token is missing or not this browser's; load its page again");
        } catch (ProblemException instead) {
            refused = instead;
        }
        answer(request, response, refused);
    }

    void answer(HttpServletRequest request, HttpServletResponse response, Exception failure) {
        for (HandlerExceptionResolver resolver : resolvers.orderedStream().toList()) {
            if (resolver.resolveException(request, response, null, failure) != null) {
                return;
            }
        }
    }

    /** What the database said, where that is the reason. */
    private static Exception cause(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException known) {
                return known;
            }
        }
        return failure;
    }
}
