package txlookup.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** How big a request may be. Headers, the request line among them, are the server's to count, before there is a request. */
final class RequestLimits {
    static final int HEADER_BYTES = 16 * 1024;
    static final int HEADERS = 64;
    static final int BODY_BYTES = 64 * 1024;
    static final int PARAMETERS = 32;
    static final int URL_CHARACTERS = 8 * 1024;

    private RequestLimits() {}

    /** Why a request is too big to be answered. */
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
        return Optional.empty();
    }
}
