package txlookup.api.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import txlookup.api.web.ProblemException;
import txlookup.api.web.Replies;

/** Answers a failure with a problem document. */
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
        ProblemException answer = FailureMapping.answer(failure);
        if (!response.isCommitted()) {
            answer.headers().forEach(response::setHeader);
            try {
                Replies.send(response, answer.problem());
            } catch (IOException e) {
                // The caller has gone. The container ends the connection.
                throw new UncheckedIOException(e);
            }
        }
        return new ModelAndView(); // answered
    }
}
