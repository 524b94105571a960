package txlookup.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers what fails before or outside this application (a malformed request line, invalid percent-encoding, headers
 * that are too long) with a problem document instead of Tomcat's page.
 */
final class ProblemReportValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        boolean answered = response.getStatus() < 400 || response.getContentWritten() > 0;
        if (answered || !response.setErrorReported()) {
            return;
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
