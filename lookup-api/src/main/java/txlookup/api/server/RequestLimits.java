package txlookup.api.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import txlookup.api.web.Problem;

/** What a request may be before it is looked at: how big, and decodable. Headers, the request line among them, are the server's to count, before there is a request. */
final class RequestLimits {
    static final int HEADER_BYTES = 16 * 1024;
    static final int HEADERS = 64;
    static final int BODY_BYTES = 64 * 1024;
    static final int PARAMETERS = 32;
    static final int URL_CHARACTERS = 8 * 1024;

    // The server decodes what it reads of a path, which is not all of it: nobody has looked at a ";parameter" yet.
    private static final Pattern NO_ENCODING = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private RequestLimits() {}

    /** Why a request is not answered. */
    static Optional<Problem> refuse(HttpServletRequest request) {
        String query = request.getQueryString();
        int url = request.getRequestURI().length() + (query == null ? 0 : 1 + query.length());
        if (url > URL_CHARACTERS) {
            return Optional.of(Problem.of(
                    HttpStatus.URI_TOO_LONG,
                    "the path and query have %d characters; at most %d are possible".formatted(url, URL_CHARACTERS)));
        }
        if (request.getContentLengthLong() > BODY_BYTES) {
            return Optional.of(Problem.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "the body has %d bytes; at most %d are possible"
                            .formatted(request.getContentLengthLong(), BODY_BYTES)));
        }
        if (NO_ENCODING.matcher(request.getRequestURI()).find()) {
            return Optional.of(Problem.of(
                    HttpStatus.BAD_REQUEST,
                    "the path has a % that two hexadecimal digits do not follow; write it %25"));
        }
        return Optional.empty();
    }
}
