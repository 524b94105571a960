package txlookup.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** Ids that very many entries share: every lookup answers, in a time that does not grow with them. */
class HotPaymentIT {
    private static final String MANY = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT timestamptz '2026-02-05Z' - n * interval '1 s', '2026-02-05Z', '2026-02-05Z', 0, n, '2026-02-05Z', 1,
                   '%1$s-' || n, 'W-' || n %% 50, 'PAYMENT', 1, '%1$s', '%2$s' FROM generate_series(1, 50000) n;
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id, order_id,
                user_id, merchant_name, amount, status)
            VALUES ('2026-02-05Z', '2026-02-05Z', 0, 1, '2026-02-05Z', 1, '%1$s', 'U', 'M', 1, 'PAID')""";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        // Far less than reading 50,000 rows for each of a page takes.
        api = RunningApi.start(settings -> Changed.database(
                settings,
                new LookupApiSettings.Database(
                        settings.database().jdbcUrl(),
                        settings.database().user(),
                        settings.database().password(),
                        4,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2))));
        api.execute(MANY.formatted("HOT", "PAYMENT_ORDER"));
        api.execute(MANY.formatted("CAMPAIGN", "CAMPAIGN"));
        api.execute("VACUUM (ANALYZE) ledger_entry");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/tx/HOT-7",
                "/admin/tx/CAMPAIGN-7",
                "/admin/tx/HOT-7/explain",
                "/admin/wallets/W-7/tx?limit=100",
                "/admin/payment-orders/HOT",
                "/admin/payment-orders/HOT/explain",
                "/tx/CAMPAIGN-7",
                "/orders/HOT"
            })
    void everyLookupAnswers(String path) {
        for (int again = 0; again < 3; again++) {
            assertThat(api.get(path).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anOrderShowsAThousandEntriesAndSaysThatThereAreMore() {
        HttpResponse<String> answer = api.get("/admin/payment-orders/HOT");

        assertThat(answer.headers().firstValue("X-Truncated")).contains("1000");
        assertThat(RunningApi.json(answer).path("ledger_entries")).hasSize(1_000);
        assertThat(RunningApi.json(answer).path("pairing_status").asString()).isEqualTo("INCOMPLETE");
    }

    @Test
    void aSideIsFoundByTheIndexHoweverManyEntriesAreOfTheOther() {
        api.execute("""
                INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                    source_id, tx_id, wallet_id, entry_type, amount, related_id, related_type)
                VALUES ('2020-01-01Z', '2020-01-01Z', '2020-01-01Z', 0, 0, '2020-01-01Z', 1, 'OLD-RECEIVE', 'W-OLD',
                    'RECEIVE', 1, 'CAMPAIGN', 'PAYMENT_ORDER')""");

        assertThat(api.json("/admin/tx/OLD-RECEIVE").path("pairing_status").asString())
                .isEqualTo("INCOMPLETE");
        assertThat(api.json("/admin/payment-orders/CAMPAIGN")
                        .path("pairing_status")
                        .asString())
                .isEqualTo("INCOMPLETE");
    }
}
