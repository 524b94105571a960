package txlookup.api.export;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import txlookup.api.Audited;
import txlookup.api.RunningApi;

/** Many ids in one request, and lists as files. */
class ManyLookupsIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.store(order("ORD-1"));
        api.store(
                payment("TX-1").wallet("W-1").toOrder("ORD-1").amounts("-5.00", null),
                receive("TX-2").toOrder("ORD-1"),
                payment("TX-3").wallet("W-1").toOrder("ORD-2"));
        api.list();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void eachIsAnsweredAsByItsOwnLookupInTheOrderAskedAndAudited() {
        HttpResponse<String> answer = post("/admin/lookups", "{\"ids\":[\"NONE-1\",\"ORD-1\",\"TX-1\",\"TX-1\"]}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode results = RunningApi.json(answer).path("results");
        assertThat(StreamSupport.stream(results.spliterator(), false)
                        .map(one -> one.path("id").asString() + " " + one.path("kind") + " " + one.path("found")))
                .containsExactly("NONE-1 null false", "ORD-1 \"ORDER\" true", "TX-1 \"TX\" true", "TX-1 \"TX\" true");
        JsonNode alone = api.json("/admin/tx/TX-1");
        alone.propertyNames()
                .forEach(name -> assertThat(results.path(2).path(name)).isEqualTo(alone.path(name)));
        assertThat(results.path(1).path("ledger_entries")).hasSize(2);
        assertThat(Audited.of(api, "NONE-1").result()).isEqualTo("NOT_FOUND");
        assertThat(Audited.of(api, "ORD-1").action()).isEqualTo("LOOKUP_PAYMENT_ORDER");
        assertThat(Audited.allOf(api, "TX-1")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"ids\":[]}",
                "{\"ids\":[1]}",
                "{\"ids\":[\"\"]}",
                "{\"ids\":[\"a\"],\"x\":1}",
                "{\"ids\":\"a\"}",
                "{\"ids\":[\"a\\u0000\"]}"
            })
    void anotherBodyIsRefused(String body) {
        assertThat(post("/admin/lookups", body).statusCode()).isEqualTo(400);
    }

    @Test
    void fiveHundredIdsAreAnsweredAndNoMore() {
        assertThat(RunningApi.json(post("/admin/lookups", ids(500))).path("results"))
                .hasSize(500);
        assertThat(post("/admin/lookups", ids(501)).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/admin/wallets/W-1/tx.csv | W-1 | EXPORT_WALLET_TX | 2 | TX-1,2026-02-05T01:00:00Z,PAYMENT,'-5.00,,W-1,SETTLED,SUCCESS,TX-2,COMPLETE,8",
                "/admin/open-pairs.csv?older_than=PT0S | * | EXPORT_OPEN_PAIRS | 1 | ORD-2,2026-02-05T01:00:00Z,10,RECEIVE,TX-3,W-1,10000.00,"
            },
            quoteCharacter = '"')
    void aListIsAFileAuditedAsOneExport(String path, String resource, String action, int count, String line) {
        HttpResponse<String> file = api.get(path);

        assertThat(file.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(file.headers().firstValue("X-Truncated")).isEmpty();
        assertThat(file.body()).endsWith("\r\n");
        assertThat(file.body().lines()).hasSize(count + 1).contains(line);
        assertThat(Audited.allOf(api, resource))
                .filteredOn(row -> row.action().equals(action))
                .extracting(Audited::resultCount)
                .containsExactly(count);
    }

    @Test
    void bulkResultsAreAFileToo() {
        String file =
                post("/admin/lookups.csv", "{\"ids\":[\"TX-2\",\"NONE-2\"]}").body();

        assertThat(file.lines())
                .hasSize(3)
                .contains(
                        "TX-2,TX,true,2026-02-05T01:00:00Z,10000.00,SETTLED,SUCCESS,,Blue Bottle,W-1,W-PAYEE,TX-1,COMPLETE")
                .contains("NONE-2,,false,,,,,,,,,,");
    }

    @Test
    void cellsAreQuotedAndNoSpreadsheetFindsAFormula() {
        assertThat(Csv.cell("a")).isEqualTo("a");
        assertThat(Csv.cell(null)).isEmpty();
        assertThat(Csv.cell("=1+1")).isEqualTo("'=1+1");
        assertThat(Csv.cell("@x")).isEqualTo("'@x");
        assertThat(Csv.cell("\tx")).isEqualTo("'\tx");
        assertThat(Csv.cell("a,\"b\"")).isEqualTo("\"a,\"\"b\"\"\"");
        assertThat(Csv.cell("\r\n=x")).isEqualTo("\"'\r\n=x\"");
        Csv csv = new Csv(List.of("n"), 2).row(1).row(2);
        assertThat(csv.isTruncated()).isFalse();
        assertThat(csv.row(3).isTruncated()).isTrue();
        assertThat(csv.rows()).isEqualTo(2);
    }

    private static String ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "\"ID-" + number + "\"")
                .collect(Collectors.joining(",", "{\"ids\":[", "]}"));
    }

    private static HttpResponse<String> post(String path, String body) {
        return api.post(path, body, "Content-Type", "application/json");
    }
}
