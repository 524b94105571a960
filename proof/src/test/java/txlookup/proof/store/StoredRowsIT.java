package txlookup.proof.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.proof.ProofFixture;
import txlookup.proof.compare.KeyHash;
import txlookup.proof.compare.SnapshotRow;
import txlookup.proof.compare.StoredVersion;

/** What is read from the columns has the digest that was computed from the event, whatever the values are. */
class StoredRowsIT {
    private static final List<String> AMOUNTS = List.of(
            "0",
            "0.00",
            "-0.00",
            "0.0001",
            "-0.00010",
            "1",
            "9999",
            "10000",
            "10000.00",
            "100000000",
            "1e3",
            "1E-10",
            "123456789012345678901234567890.123456789012345678901234567890",
            "-99999999.9999",
            "0.00001234",
            "12345.00000",
            "1" + "0".repeat(400),
            "0." + "0".repeat(400) + "7");

    @Test
    void everyValueComesBackWithItsDigest() throws Exception {
        long seed = 20;
        Random random = new Random(seed);
        List<byte[]> entries = new ArrayList<>();
        List<byte[]> orders = new ArrayList<>();
        List<String> amounts = new ArrayList<>(AMOUNTS);
        for (int i = 0; i < 2_000; i++) {
            amounts.add(new BigDecimal(new BigInteger(1 + random.nextInt(130), random), random.nextInt(30))
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1))
                    .toPlainString());
        }
        for (int i = 0; i < amounts.size(); i++) {
            String optional = i % 2 == 0
                    ? ", \"amount_signed\": \"%s\", \"related_id\": \"주문-%d\", \"updated_at\": \"0001-01-01T00:00:00.000001Z\""
                            .formatted(amounts.get(i), i)
                    : ", \"version\": %d, \"related_type\": \"PAYMENT_ORDER\"".formatted(random.nextLong());
            entries.add(bytes(
                    "{\"tx_id\": \"t'\\\"\\\\-%d\", \"wallet_id\": \"지갑😀\", \"entry_type\": \"PAYMENT\", \"amount\": %s, \"event_time\": \"9999-12-31T23:59:59.999999Z\"%s}"
                            .formatted(i, amounts.get(i), optional)));
            orders.add(bytes(
                    "{\"order_id\": \"o%d\", \"amount\": %s, \"status\": \"PAID\", \"created_at\": \"1969-12-31T23:59:59.999999Z\"%s}"
                            .formatted(i, amounts.get(i), i % 3 == 0 ? ", \"user_id\": \"u\"" : ", \"version\": -1")));
        }
        try (ProofFixture fixture = new ProofFixture()) {
            var claim = fixture.claim("values");
            claim = fixture.apply(claim, Entity.LEDGER_ENTRY, ProofFixture.CUTOVER, entries);
            fixture.apply(claim, Entity.PAYMENT_ORDER, ProofFixture.CUTOVER, orders);
            check(fixture, Entity.LEDGER_ENTRY, entries, seed);
            check(fixture, Entity.PAYMENT_ORDER, orders, seed);
        }
    }

    private static void check(ProofFixture fixture, Entity entity, List<byte[]> events, long seed) throws Exception {
        Map<String, StoredVersion> read = new HashMap<>();
        fixture.storeSide.scan(entity, row -> {
            assertThat(row.isIntact())
                    .as("seed %d, %s", seed, row.held().snapshot())
                    .isTrue();
            assertThat(row.keyHash()).isEqualTo(KeyHash.of(row.held().snapshot().key()));
            read.put(row.held().snapshot().key(), row.held());
        });
        assertThat(read).hasSameSizeAs(events);
        var decoder = ProofFixture.decoder();
        for (byte[] event : events) {
            Snapshot sent = (Snapshot) decoder.decode(entity, new SourceRecord(0, ProofFixture.CUTOVER, event));
            StoredVersion held = read.get(sent.key());
            assertThat(held.snapshot().at(0)).as("seed %d", seed).isEqualTo(sent);
            assertThat(new SnapshotRow(held).orderMicros())
                    .isEqualTo(new SnapshotRow(StoredVersion.of(sent)).orderMicros());
        }
        assertThat(fixture.storeSide.find(entity, read.keySet())).isEqualTo(read);
    }

    @Test
    void aColumnChangedBehindItsDigestIsSeenWhicheverColumnItIs() throws Exception {
        try (ProofFixture fixture = new ProofFixture()) {
            byte[] event = bytes(
                    "{\"tx_id\": \"t\", \"wallet_id\": \"w\", \"entry_type\": \"PAYMENT\", \"amount\": 1.0, \"event_time\": \"2026-02-05T00:00:00Z\"}");
            fixture.apply(fixture.claim("t"), Entity.LEDGER_ENTRY, Instant.EPOCH, List.of(event));
            for (String change : List.of(
                    "wallet_id = 'v'",
                    "entry_type = 'RECEIVE'",
                    "amount = 1.00",
                    "amount = 'NaN'",
                    "amount_signed = 0",
                    "related_id = ''",
                    "related_type = 'x'",
                    "event_time = '2026-02-05T00:00:00.000001Z'",
                    "created_at = 'infinity'",
                    "updated_at = '-infinity'",
                    "version = 0",
                    "digest = digest + 1")) {
                String before = fixture.one("SELECT to_jsonb(e) FROM ledger_entry AS e");
                fixture.execute("UPDATE ledger_entry SET " + change);
                fixture.storeSide.scan(
                        Entity.LEDGER_ENTRY,
                        row -> assertThat(row.isIntact()).as(change).isFalse());
                assertThat(fixture.storeSide.find(Entity.LEDGER_ENTRY, List.of("t")))
                        .as(change)
                        .hasSize(1);
                fixture.execute(
                        "DELETE FROM ledger_entry; INSERT INTO ledger_entry SELECT (jsonb_populate_record(NULL::ledger_entry, '"
                                + before + "')).*");
            }
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
