package txlookup.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import txlookup.api.store.StoreFault;

/** The one place where a failure becomes an answer: always a problem document, never with anything internal in it. */
public final class ProblemResolver implements HandlerExceptionResolver {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemResolver.class);

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (failure instanceof IOException) {
            // Only writing the answer fails in this way: the caller has gone, and there is no one to answer.
            LOG.debug("The caller has gone: {}", failure.toString());
            return new ModelAndView();
        }
        ProblemException answer = answer(failure);
        log(answer, failure);
        if (!response.isCommitted()) {
            send(response, answer);
        }
        return new ModelAndView(); // answered
    }

    private static ProblemException answer(Exception failure) {
        if (failure instanceof ProblemException known) {
            return known;
        }
        if (failure instanceof SQLException e && StoreFault.isAway(e)) {
            return ProblemException.unavailable("the store is away", e.toString());
        }
        if (failure instanceof NoHandlerFoundException) {
            return new ProblemException(HttpStatus.NOT_FOUND, "path not found", Map.of());
        }
        if (failure instanceof HttpRequestMethodNotSupportedException e) {
            String allowed =
                    String.join(", ", e.getSupportedMethods() == null ? new String[0] : e.getSupportedMethods());
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

    private static void log(ProblemException answer, Exception failure) {
        int status = answer.problem().status();
        if (status == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.error("A request failed", failure);
        } else if (status > HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.warn("A request is answered with {}: {}", status, answer.getMessage());
        }
    }

    private static void send(HttpServletResponse response, ProblemException answer) {
        answer.headers().forEach(response::setHeader);
        try {
            Replies.send(response, answer.problem());
        } catch (IOException e) {
            // The caller has gone. The container ends the connection.
            throw new UncheckedIOException(e);
        }
    }
}
