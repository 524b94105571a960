package txlookup.api.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import txlookup.api.auth.DeniedException;
import txlookup.api.auth.SignInAddress;
import txlookup.api.web.ProblemException;

/** Where a person signs in whom a failure says that this would help, and the page that they are led back to. */
final class SignInOffer {
    private static final String HTMX_PAGE = "HX-Current-URL";

    private SignInOffer() {}

    static Optional<String> of(Exception failure, HttpServletRequest request) {
        if (!(failure instanceof ProblemException problem) || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            return Optional.empty();
        }
        boolean helps = failure instanceof DeniedException denied
                ? denied.isMendedBySigningIn()
                : problem.problem().status() == HttpStatus.UNAUTHORIZED.value();
        return helps ? Optional.of(SignInAddress.of(page(failure, request), isForAnAct(problem))) : Optional.empty();
    }

    /** A person who is not signed in is led there at once; an act that takes a fresh sign-in says so first. */
    static boolean isTakenAtOnce(Exception failure, HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return failure instanceof DeniedException denied
                && !isForAnAct(denied)
                && accept != null
                && accept.contains("text/html");
    }

    private static boolean isForAnAct(ProblemException problem) {
        return problem.problem().status() == HttpStatus.FORBIDDEN.value();
    }

    /** What was asked for, or the page that a form or a script was on. */
    private static String page(Exception failure, HttpServletRequest request) {
        if (!(failure instanceof DeniedException)) {
            return "/";
        }
        String page = request.getHeader(HTMX_PAGE);
        if (page == null && !request.getMethod().equals("GET")) {
            page = request.getHeader(HttpHeaders.REFERER);
            return page == null ? "/" : path(page);
        }
        String query = request.getQueryString();
        return page == null ? request.getRequestURI() + (query == null ? "" : "?" + query) : path(page);
    }

    private static String path(@Nullable String page) {
        try {
            URI address = URI.create(String.valueOf(page));
            return address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
        } catch (IllegalArgumentException e) {
            return "/"; // whatever sent it is no browser
        }
    }
}
