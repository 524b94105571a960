package txlookup.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.RunningApi;

/** Auditors see who looked at what, and are seen. */
class AuditPageIT {
    private static final String[] AUDITOR = {"X-Actor-Id", "aud", "X-Actor-Roles", "ADMIN_AUDIT"};
    private static final Pattern MORE = Pattern.compile("href=\"(/audit\\?[^\"]*cursor=[^\"]*)\"");
    private static final Pattern REQUEST = Pattern.compile("ticket-\\d{3}");

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        for (int lookup = 1; lookup <= 65; lookup++) {
            api.get(
                    "/admin/tx/TX-" + lookup % 5,
                    "X-Actor-Id",
                    lookup % 2 == 0 ? "kim" : "<b>lee</b> & co",
                    "X-Correlation-ID",
                    "ticket-%03d".formatted(lookup));
        }
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void everyRowIsShownOnceNewestFirst() {
        List<String> seen = new ArrayList<>();
        String path = "/audit?actor=kim";
        while (path != null) {
            String page = page(path);
            Matcher request = REQUEST.matcher(page);
            while (request.find()) {
                seen.add(request.group());
            }
            Matcher more = MORE.matcher(page);
            path = more.find() ? more.group(1).replace("&amp;", "&") : null;
        }

        assertThat(seen).hasSize(32).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void filtersAreKeptAndHostileNamesAreText() {
        String page = page("/audit?actor=%3Cb%3Elee%3C%2Fb%3E+%26+co&resource_id=TX-1&result=NOT_FOUND&limit=5");

        assertThat(page)
                .contains("value=\"&lt;b&gt;lee&lt;/b&gt; &amp; co\"", "value=\"TX-1\"", "Not found")
                .doesNotContain("<b>lee</b>", "??");
        Matcher more = MORE.matcher(page);
        assertThat(more.find()).isTrue();
        assertThat(page(more.group(1).replace("&amp;", "&")))
                .contains("ticket-")
                .doesNotContain("??");
    }

    @Test
    void timesAreInclusiveAndWrongOnesAreSaid() {
        assertThat(page("/audit?from=2026-02-05T01:00:10Z&to=2026-02-05T01:00:10Z"))
                .contains("ticket-");
        assertThat(page("/audit?from=2026-02-05T01:00:11Z")).contains("No row matches.");
        HttpResponse<String> wrong = api.get("/audit?from=yesterday", "Accept", "text/html");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("<html").contains("yesterday");
    }

    @Test
    void whoLooksIsSeen() {
        page("/audit?resource_id=TX-seen");

        Audited row = Audited.of(api, "TX-seen");
        assertThat(row.actor()).isEqualTo("aud");
        assertThat(row.action()).isEqualTo("VIEW_AUDIT");
        assertThat(row.query()).isEqualTo("resource_id=TX-seen");
    }

    @Test
    void whoIsNoAuditorGetsNeitherPageNorLink() {
        HttpResponse<String> refused = api.get(
                "/audit?resource_id=TX-no", "X-Actor-Id", "kim", "X-Actor-Roles", "ADMIN_READ", "Accept", "text/html");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("<html").doesNotContain("ticket-");
        assertThat(Audited.of(api, "TX-no").result()).isEqualTo("DENIED");
        assertThat(api.get("/", "X-Actor-Id", "kim", "X-Actor-Roles", "ADMIN_READ")
                        .body())
                .doesNotContain("href=\"/audit\"");
        assertThat(api.get("/", AUDITOR).body()).contains("href=\"/audit\"");
    }

    @Test
    void aPageEndsWhereItHasReadEnoughAndGoesOn() {
        try (RunningApi big = RunningApi.start()) {
            big.get("/admin/tx/TX-1", "X-Actor-Id", "kim");
            big.execute("""
                    ALTER TABLE bo.audit DISABLE TRIGGER ALL;
                    INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path, result,
                        status_code, duration_ms, result_count, correlation_id, chain_id, sequence, previous_hash, hash)
                    SELECT at + n * interval '1 ms', actor, roles, action, resource_type, resource_id, method, path,
                        'FOUND', status_code, duration_ms, result_count, 'many', chain_id, sequence + n, previous_hash, hash
                    FROM bo.audit, generate_series(1, 12000) n WHERE actor = 'kim'""");

            String page = big.get("/audit?actor=kim&result=NOT_FOUND", AUDITOR).body();
            int pages = 1;
            for (Matcher more = MORE.matcher(page); more.find(); more = MORE.matcher(page)) {
                assertThat(page).contains("The last 5,000 rows that were read hold no match.");
                page = big.get(more.group(1).replace("&amp;", "&"), AUDITOR).body();
                pages++;
            }
            assertThat(pages).isEqualTo(3);
            assertThat(page).contains("TX-1");
        }
    }

    private static String page(String path) {
        HttpResponse<String> page = api.get(path, AUDITOR);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }
}
