package txlookup.api.server;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import txlookup.api.web.Problem;
import txlookup.api.web.Replies;

/**
 * Answers what fails before or outside this application (a malformed request line, invalid percent-encoding, headers
 * that are too long) with a problem document instead of Tomcat's page.
 */
final class ProblemReportValve extends ErrorReportValve {
    // Tomcat's answers to transfer codings and versions that it does not speak: the request's fault, which would count
    // as
    // a failure of ours.
    private static final Set<Integer> NOT_OUR_HTTP =
            Set.of(HttpServletResponse.SC_NOT_IMPLEMENTED, HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        boolean answered = response.getStatus() < 400 || response.getContentWritten() > 0;
        if (answered || !response.setErrorReported()) {
            return;
        }
        if (NOT_OUR_HTTP.contains(response.getStatus())) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
        AnswerHeaders.set(request, response);
        try {
            Replies.send(response, Problem.of(response.getStatus()));
            response.finishResponse();
        } catch (IOException e) {
            // The caller has gone. The container ends the connection.
            throw new UncheckedIOException(e);
        }
    }
}
