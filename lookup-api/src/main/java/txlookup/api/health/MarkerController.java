package txlookup.api.health;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.auth.Callers;
import txlookup.api.auth.RequestRate;
import txlookup.api.generation.GenerationHandle;
import txlookup.api.generation.Generations;
import txlookup.api.web.Json;
import txlookup.api.web.QueryParameters;
import txlookup.api.web.Replies;

/**
 * How far the gate's marker events are visible here, read over the connections that lookups use. Markers are no data, so
 * this is no lookup and leaves no audit row; who may not look up may not ask this either.
 */
@Controller
final class MarkerController {
    private final Callers callers;
    private final RequestRate rate;
    private final Generations generations;

    MarkerController(Callers callers, RequestRate rate, Generations generations) {
        this.callers = callers;
        this.rate = rate;
        this.generations = generations;
    }

    @GetMapping("/internal/markers/{generation}/{run}")
    void passed(
            @PathVariable String generation,
            @PathVariable String run,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        rate.admit(callers.admit().actor());
        Markers.Visible visible = visible(QueryParameters.number("generation", generation), run);
        Replies.send(response, HttpStatus.OK.value(), Json.MEDIA_TYPE, Json.bytes(visible));
    }

    /** A generation that cannot be read yet shows none. */
    private Markers.Visible visible(long generation, String run) throws SQLException {
        Optional<GenerationHandle> handle = generations.readable(generation);
        if (handle.isEmpty()) {
            return Markers.NONE;
        }
        try (GenerationHandle open = handle.get()) {
            return Markers.visible(open.store().connections(), run);
        }
    }
}
