package txlookup.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes whole answers. */
public final class Replies {
    private Replies() {}

    public static void send(HttpServletResponse response, int status, String mediaType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    public static void send(HttpServletResponse response, Problem problem) throws IOException {
        send(response, problem.status(), Problem.MEDIA_TYPE, Json.bytes(problem));
    }
}
