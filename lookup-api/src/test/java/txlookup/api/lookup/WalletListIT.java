package txlookup.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import txlookup.api.RunningApi;
import txlookup.api.StoredEntry;

/** {@code GET /admin/wallets/{wallet_id}/tx}: order, range and pages. */
class WalletListIT {
    private static final Instant START = Instant.parse("2026-02-05T01:00:00Z");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static RunningApi api;

    private final String walletId = "W-" + NUMBERS.incrementAndGet();

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void allPagesTogetherShowEveryEntryOnceAndInOrder(int limit) {
        long seed = 20260205L + limit;
        List<StoredEntry> stored = random(seed, 60);
        api.store(stored.toArray(StoredEntry[]::new));

        List<String> shown = new ArrayList<>();
        JsonNode page = page("limit=" + limit);
        shown.addAll(txIds(page));
        while (!page.path("next_cursor").isNull()) {
            assertThat(page.path("count").asInt()).isEqualTo(limit);
            page = page("limit=" + limit + "&cursor=" + page.path("next_cursor").asString());
            shown.addAll(txIds(page));
        }

        assertThat(shown).as("seed %d, limit %d", seed, limit).containsExactlyElementsOf(inOrder(stored));
    }

    @Test
    void pagesStayStableWhileEntriesAreInserted() {
        api.store(numbered(1, 2, 3, 4, 5, 6));
        JsonNode first = page("limit=2");
        // Newer than all, on the shown page, and not yet reached.
        api.store(numbered(9));
        api.store(payment(walletId + "-5a").wallet(walletId).at(START.plusSeconds(5)));
        api.store(payment(walletId + "-3a").wallet(walletId).at(START.plusSeconds(3)));
        JsonNode second = page("limit=3&cursor=" + first.path("next_cursor").asString());
        JsonNode third = page("limit=3&cursor=" + second.path("next_cursor").asString());

        assertThat(txIds(first)).containsExactly(walletId + "-6", walletId + "-5");
        assertThat(txIds(second)).containsExactly(walletId + "-5a", walletId + "-4", walletId + "-3");
        assertThat(txIds(third)).containsExactly(walletId + "-3a", walletId + "-2", walletId + "-1");
        assertThat(third.path("next_cursor").isNull()).isTrue();
    }

    /** Sources that cut their times to the day give such wallets: within the instant, pages go by the id. */
    @Test
    void aWalletWithVeryManyEntriesOfOneInstantIsPagedWhole() {
        api.execute("""
                INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                    tx_id, wallet_id, entry_type, amount)
                SELECT '2026-02-05Z', '2026-02-05Z', '2026-02-05Z', 0, n, '2026-02-05Z', 1,
                    '%1$s-' || lpad(n::text, 6, '0'), '%1$s', 'FEE', 1 FROM generate_series(1, 50000) n""".formatted(walletId));
        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int pages = 0; pages < 10; pages++) {
            JsonNode page = page("limit=100" + cursor);
            seen.addAll(txIds(page));
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
        assertThat(seen).hasSize(1_000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aLastPageThatIsFullHasNoNextOne() {
        api.store(numbered(1, 2));

        assertThat(page("limit=2").path("next_cursor").isNull()).isTrue();
        assertThat(page("limit=2").path("count").asInt()).isEqualTo(2);
    }

    @Test
    void withoutALimitTwentyEntriesAreShown() {
        api.store(numbered(IntStream.rangeClosed(1, 21).toArray()));

        assertThat(page("").path("count").asInt()).isEqualTo(20);
        assertThat(page("limit=").path("count").asInt()).isEqualTo(20);
        assertThat(page("limit=100").path("count").asInt()).isEqualTo(21);
    }

    @Test
    void otherWalletsEntriesAreNotShown() {
        api.store(numbered(1));
        api.store(payment(walletId + "-other").wallet(walletId + "0"));

        assertThat(txIds(page(""))).containsExactly(walletId + "-1");
    }

    @ParameterizedTest
    @CsvSource({
        "from=2026-02-05T01:00:02Z, 4 3 2",
        "from=2026-02-05T01:00:02.000001Z, 4 3",
        "to=2026-02-05T01:00:03Z, 3 2 1",
        "to=2026-02-05T01:00:02.999999Z, 2 1",
        "from=2026-02-05T01:00:02Z&to=2026-02-05T01:00:03Z, 3 2",
        "from=2026-02-05T01:00:02Z&to=2026-02-05T01:00:02Z, 2",
        "from=2026-02-05T01:00:02, 4 3 2",
        "from=2026-02-05%2001:00:02, 4 3 2",
        "from=2026-02-05T10:00:02%2B09:00, 4 3 2",
        "from=2026-02-05T10:00:02%2B09, 4 3 2",
        "from=2026-02-05T10:00:02+0900, 4 3 2",
        "to=2026-02-04T16:00:03-09:00, 3 2 1",
        "from=2026-02-05T01:00&to=2026-02-05T01:01, 4 3 2 1",
        "from=&to=&cursor=, 4 3 2 1",
        "from=2026-02-05T01:00:05Z, ''"
    })
    void fromAndToAreInclusiveAndTakeAnyOffsetOrNone(String query, String shown) {
        api.store(numbered(1, 2, 3, 4));

        List<String> expected = shown.isEmpty()
                ? List.of()
                : List.of(shown.split(" ")).stream()
                        .map(number -> walletId + "-" + number)
                        .toList();
        assertThat(txIds(page(query))).containsExactlyElementsOf(expected);
    }

    @Test
    void pagesKeepToTheirRange() {
        api.store(numbered(1, 2, 3, 4, 5));
        String range = "from=2026-02-05T01:00:02Z&to=2026-02-05T01:00:04Z&limit=2";
        JsonNode first = page(range);
        JsonNode second = page(range + "&cursor=" + first.path("next_cursor").asString());

        assertThat(txIds(first)).containsExactly(walletId + "-4", walletId + "-3");
        assertThat(txIds(second)).containsExactly(walletId + "-2");
        assertThat(second.path("next_cursor").isNull()).isTrue();
    }

    private JsonNode page(String query) {
        JsonNode page = api.json("/admin/wallets/" + walletId + "/tx?" + query);
        assertThat(page.has("entries")).as(page.toString()).isTrue();
        assertThat(page.path("count").asInt()).isEqualTo(page.path("entries").size());
        return page;
    }

    private static List<String> txIds(JsonNode page) {
        List<String> txIds = new ArrayList<>();
        page.path("entries").forEach(entry -> txIds.add(entry.path("tx_id").asString()));
        return txIds;
    }

    private StoredEntry[] numbered(int... seconds) {
        return IntStream.of(seconds)
                .mapToObj(second ->
                        payment(walletId + "-" + second).wallet(walletId).at(START.plusSeconds(second)))
                .toArray(StoredEntry[]::new);
    }

    /** Many share an instant, some differ by a microsecond. */
    private List<StoredEntry> random(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(number -> payment(walletId + "-" + (random.nextBoolean() ? "x" : "Y") + number)
                        .wallet(walletId)
                        .at(START.plus(random.nextInt(6), ChronoUnit.MICROS)))
                .toList();
    }

    private static List<String> inOrder(List<StoredEntry> stored) {
        return stored.stream()
                .sorted(Comparator.comparing(StoredEntry::eventTime).reversed().thenComparing(StoredEntry::txId))
                .map(StoredEntry::txId)
                .toList();
    }
}
