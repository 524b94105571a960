package txlookup.api.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/** Which audit rows are asked for; every filter is exact, and both times are inclusive. */
public record AuditQuery(
        Optional<String> actor,
        Optional<String> resourceId,
        Optional<String> action,
        Optional<String> correlationId,
        Optional<AuditRow.Result> result,
        Optional<Instant> from,
        Optional<Instant> to,
        int limit,
        Optional<Place> before) {

    /** A row's place in the order of the list. */
    record Place(OffsetDateTime at, long auditId) {}

    /** @throws ProblemException 400, naming the parameter that is wrong */
    public static AuditQuery of(HttpServletRequest request, CursorSigner cursors) {
        QueryParameters parameters = new QueryParameters(request);
        QueryParameters.Range times = parameters.range();
        AuditQuery filters = new AuditQuery(
                parameters.text("actor"),
                parameters.text("resource_id"),
                parameters.text("action"),
                parameters.text("correlation_id"),
                parameters.text("result").map(AuditQuery::result),
                times.from(),
                times.to(),
                parameters.limit(),
                Optional.empty());
        Optional<Place> before = parameters.text("cursor").map(text -> cursors.verify(text, filters.scope())
                .map(cursor -> new Place(cursor.eventTime().atOffset(ZoneOffset.UTC), Long.parseLong(cursor.txId())))
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of these filters; start again without it")));
        return filters.before(before);
    }

    /** What a cursor of this list is signed for. */
    List<String> scope() {
        List<String> scope = new ArrayList<>(List.of("audit"));
        Stream.of(actor, resourceId, action, correlationId, result, from, to)
                .map(filter -> filter.map(value -> "=" + value).orElse(""))
                .forEach(scope::add);
        return scope;
    }

    private AuditQuery before(Optional<Place> place) {
        return new AuditQuery(actor, resourceId, action, correlationId, result, from, to, limit, place);
    }

    private static AuditRow.Result result(String text) {
        return Stream.of(AuditRow.Result.values())
                .filter(result -> result.name().equals(text))
                .findFirst()
                .orElseThrow(() -> ProblemException.badParameter(
                        "result", "wanted one of %s, saw '%s'".formatted(List.of(AuditRow.Result.values()), text)));
    }
}
