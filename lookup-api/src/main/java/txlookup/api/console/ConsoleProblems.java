package txlookup.api.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.console.page.Pages;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.server.FailureMapping;
import txlookup.api.web.ProblemException;

/** Answers a failure with a page that says what happened and what to try, where a person asked; others get JSON. */
@Component
final class ConsoleProblems implements HandlerExceptionResolver, Ordered {
    private final Pages pages;
    private final boolean peopleSignIn;

    ConsoleProblems(Pages pages, LookupApiSettings settings) {
        this.pages = pages;
        this.peopleSignIn = settings.authentication().signIn().isPresent();
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
        ProblemException answer = FailureMapping.answer(failure);
        answer.headers().forEach(response::setHeader);
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
                .status(answer.problem().status())
                .with("problem", answer.problem())
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
}
