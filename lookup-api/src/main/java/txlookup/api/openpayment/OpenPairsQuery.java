package txlookup.api.openpayment;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/** Which open payments are asked for: those whose oldest leg is at least that old. */
public record OpenPairsQuery(Duration olderThan, int limit, Optional<Cursor> after) {
    /** What a cursor of this list is signed for. How old is no part of it: it moves while one reads. */
    public static final List<String> SCOPE = List.of("open-pairs");

    private static final Duration USUAL = Duration.ofMinutes(10);

    /** @throws ProblemException 400, naming the parameter that is wrong */
    public static OpenPairsQuery of(HttpServletRequest request, CursorSigner cursors) {
        QueryParameters parameters = new QueryParameters(request);
        return new OpenPairsQuery(
                parameters.duration("older_than").orElse(USUAL),
                parameters.limit(),
                parameters.text("cursor").map(text -> cursors.verify(text, SCOPE)
                        .orElseThrow(() -> ProblemException.badParameter(
                                "cursor", "not a next_cursor of this list; start again without it"))));
    }
}
