package txlookup.api.server;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.NoHandlerFoundException;
import txlookup.api.store.StoreFault;
import txlookup.api.web.Problem;
import txlookup.api.web.ProblemException;

/** The one place that says what a failure is answered with, as a document or as a page: never anything internal. */
public final class FailureMapping {
    private static final Logger LOG = LoggerFactory.getLogger(FailureMapping.class);

    private FailureMapping() {}

    /** The answer, with its headers. What is ours to mend is in the log from here on. */
    public static ProblemException answer(Exception failure) {
        ProblemException answer = problem(failure);
        int status = answer.problem().status();
        if (status == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.error("A request failed", failure);
        } else if (status > HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.warn("A request is answered with {}: {}", status, answer.getMessage());
        }
        return answer;
    }

    private static ProblemException problem(Exception failure) {
        if (failure instanceof ProblemException known) {
            return known;
        }
        if (failure instanceof SQLException e && StoreFault.isAway(e)) {
            return ProblemException.unavailable("the store is away", e.toString());
        }
        if (failure instanceof NoHandlerFoundException) {
            return ProblemException.notFound("path not found");
        }
        if (failure instanceof HttpRequestMethodNotSupportedException e) {
            String allowed = String.join(
                    ", ", Optional.ofNullable(e.getSupportedMethods()).orElse(new String[0]));
            return new ProblemException(
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "method %s is not possible here; use %s".formatted(e.getMethod(), allowed),
                    Map.of(HttpHeaders.ALLOW, allowed));
        }
        if (failure instanceof InvalidParameterException) {
            return new ProblemException(HttpStatus.BAD_REQUEST, "query: its percent-encoding is not valid", Map.of());
        }
        return new ProblemException(
                HttpStatus.INTERNAL_SERVER_ERROR, Problem.of(500).detail(), Map.of());
    }
}
