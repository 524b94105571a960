package txlookup.api.web;

import org.springframework.http.HttpStatus;

/** An RFC 9457 problem document. */
public record Problem(String type, String title, int status, String detail) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** About nothing more than its status. */
    public static Problem of(HttpStatus status, String detail) {
        return new Problem("about:blank", status.getReasonPhrase(), status.value(), detail);
    }

    /** Of a status that may be none that Spring knows. */
    public static Problem of(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        String title = known == null ? "Error" : known.getReasonPhrase();
        String detail = status < 500
                ? "the request cannot be answered: " + title
                : "the request failed; the log tells more under its correlation id";
        return new Problem("about:blank", title, status, detail);
    }
}
