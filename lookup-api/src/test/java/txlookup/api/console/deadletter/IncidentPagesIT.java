package txlookup.api.console.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.api.RunningApi;

/** In an incident there are very many dead letters, and just then their pages and those of payments have to come up. */
class IncidentPagesIT {
    /** The last of those that are open are as long as a record may be, and these are searched. */
    private static final String FILL = """
            INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of)
            OVERRIDING SYSTEM VALUE VALUES (1, 'STREAM', 'ledger', 0, 0, 900000, '2026-02-05T00:50:00Z');
            INSERT INTO dead_letter (source_id, position, record_time, reason, detail, state, record_key, record_value)
            SELECT 1, n, now(), 'parse_error', 'amount: not a decimal: ' || n, 'OPEN',
                convert_to('K-' || n, 'UTF8'), convert_to('{"tx_id":"OTHER-' || n || '"}', 'UTF8')
            FROM generate_series(1, 120000) n;
            INSERT INTO dead_letter (source_id, position, record_time, reason, detail, state, record_key, record_value)
            SELECT 1, 200000 + n, now(), 'parse_error', 'x', 'OPEN', NULL, convert_to(repeat(n || ' a value ', 40000), 'UTF8')
            FROM generate_series(1, 1000) n;
            INSERT INTO dead_letter (source_id, position, record_time, reason, detail, state)
            SELECT 1, 300000 + n, now(), 'tombstone', 'x', 'DISCARDED' FROM generate_series(1, 60000) n;
            ANALYZE dead_letter""";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.execute(FILL);
        api.store(payment("TX-1"));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void theListComesUpWithItsGroups() {
        HttpResponse<String> page = api.get("/dead-letters", "Accept-Language", "en");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.body()).contains("grouped by error", "parse_error", "Show more");
    }

    @Test
    void aFilterThatFitsNothingReadsNoFurtherThanItMay() {
        HttpResponse<String> page = api.get("/dead-letters?state=ALL&reason=future_timestamp");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("below=");
    }

    @Test
    void aPaymentsPageDoesNotWaitForTheSearchOfValues() {
        assertThat(api.get("/tx/TX-1").statusCode()).isEqualTo(200);
        HttpResponse<String> missing = api.get("/tx/TX-NONE");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("only the newest were searched");
        JsonNode why = api.json("/admin/tx/TX-1/explain");
        assertThat(why.path("found").booleanValue()).isTrue();
    }

    @Test
    void aKeyIsFoundAmongVeryMany() {
        assertThat(api.json("/admin/tx/K-77/explain").path("dead_letters").size())
                .isOne();
    }
}
