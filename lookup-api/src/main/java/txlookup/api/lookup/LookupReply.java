package txlookup.api.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import txlookup.api.auth.Caller;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.Json;
import txlookup.api.web.Problem;
import txlookup.api.web.Replies;

/** A lookup's answer in JSON, made before it is audited and sent afterwards. */
record LookupReply(
        int status, String mediaType, String body, @Nullable Integer truncatedAt) {
    static Seen<LookupReply> of(LookupResult result, Caller caller, PersonalData personal) {
        if (result instanceof LookupResult.Found found) {
            String body = personal.json(found.body(), caller);
            LookupReply reply = new LookupReply(HttpStatus.OK.value(), Json.MEDIA_TYPE, body, found.truncatedAt());
            return new Seen<>(reply, reply.status(), found.count());
        }
        Problem problem = Problem.of(HttpStatus.NOT_FOUND, ((LookupResult.Missing) result).detail());
        LookupReply reply = new LookupReply(problem.status(), Problem.MEDIA_TYPE, Json.text(problem), null);
        return new Seen<>(reply, reply.status(), 0);
    }

    void send(HttpServletResponse response) throws IOException {
        if (truncatedAt != null) {
            response.setHeader(AnsweredRequests.TRUNCATED, String.valueOf(truncatedAt));
        }
        Replies.send(response, status, mediaType, body.getBytes(UTF_8));
    }
}
