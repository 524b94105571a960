package txlookup.api.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import txlookup.api.console.page.Pages;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.store.StoreFault;
import txlookup.api.web.Problem;
import txlookup.api.web.ProblemException;

/** Answers a failure with a page that says what happened and what to try, where a person asked; others get JSON. */
final class ConsoleProblems implements HandlerExceptionResolver, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleProblems.class);

    private final Pages pages;
    private final boolean peopleSignIn;

    ConsoleProblems(Pages pages, boolean peopleSignIn) {
        this.pages = pages;
        this.peopleSignIn = peopleSignIn;
    }

    /** Before the one that answers with problem documents. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (failure instanceof IOException || !isForAPerson(request, handler) || response.isCommitted()) {
            return null;
        }
        Problem problem = problem(failure, response);
        String signIn = peopleSignIn ? SignInOffer.of(failure, request).orElse(null) : null;
        if (signIn != null && SignInOffer.isTakenAtOnce(failure, request)) {
            response.setHeader(HttpHeaders.LOCATION, signIn);
            response.setStatus(HttpStatus.SEE_OTHER.value());
            return new ModelAndView();
        }
        if (signIn != null) {
            response.setHeader("HX-Redirect", signIn);
        }
        Draft draft = Draft.of("problem")
                .status(problem.status())
                .with("problem", problem)
                .with("signIn", signIn);
        try {
            Pages.send(response, pages.render(draft, Optional.empty(), request, response));
        } catch (IOException e) {
            // The caller has gone. The container ends the connection.
            throw new UncheckedIOException(e);
        }
        return new ModelAndView(); // answered
    }

    private static boolean isForAPerson(HttpServletRequest request, @Nullable Object handler) {
        boolean forAProgram = request.getRequestURI().startsWith("/admin/");
        if (handler instanceof HandlerMethod method) {
            return !forAProgram
                    && method.getBeanType().getPackageName().startsWith(ConsoleProblems.class.getPackageName() + ".");
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html") && !forAProgram;
    }

    private static Problem problem(Exception failure, HttpServletResponse response) {
        if (failure instanceof ProblemException known) {
            known.headers().forEach(response::setHeader);
            log(known);
            return known.problem();
        }
        if (failure instanceof SQLException e && StoreFault.isAway(e)) {
            return problem(ProblemException.unavailable("the store is away", e.toString()), response);
        }
        if (failure instanceof NoHandlerFoundException) {
            return Problem.of(HttpStatus.NOT_FOUND, "path not found");
        }
        if (failure instanceof HttpRequestMethodNotSupportedException e) {
            String allowed = String.join(
                    ", ", Optional.ofNullable(e.getSupportedMethods()).orElse(new String[0]));
            response.setHeader(HttpHeaders.ALLOW, allowed);
            return Problem.of(HttpStatus.METHOD_NOT_ALLOWED, "use " + allowed);
        }
        if (failure instanceof InvalidParameterException) {
            return Problem.of(HttpStatus.BAD_REQUEST, "query: its percent-encoding is not valid");
        }
        LOG.error("A page failed", failure);
        return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "the log tells more under the correlation id");
    }

    private static void log(ProblemException known) {
        if (known.problem().status() >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.warn("A page is answered with {}: {}", known.problem().status(), known.getMessage());
        }
    }
}
