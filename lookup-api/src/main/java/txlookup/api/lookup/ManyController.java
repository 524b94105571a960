package txlookup.api.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.lookup.AuditedRequests.SeenEach;
import txlookup.api.web.Json;
import txlookup.api.web.Replies;

/** Lookups of many ids at once. */
@Controller
final class ManyController {
    private final AuditedRequests desk;
    private final PersonalData personal;
    private final Clock clock;

    ManyController(AuditedRequests desk, PersonalData personal, Clock clock) {
        this.desk = desk;
        this.personal = personal;
        this.clock = clock;
    }

    @PostMapping("/admin/lookups")
    void many(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        byte[] body = request.getInputStream().readAllBytes();
        String json = desk.inquireEach(request, response, (caller, generation) -> {
            List<ManyLookups.One> found = ManyLookups.of(generation, ManyLookups.ids(body));
            ManyLookups.Results results = new ManyLookups.Results(
                    found.stream().map(one -> one.json(clock.instant())).toList());
            return new SeenEach<>(
                    personal.json(results, caller),
                    found.stream().map(ManyLookups.One::each).toList());
        });
        Replies.send(response, 200, Json.MEDIA_TYPE, json.getBytes(UTF_8));
    }
}
