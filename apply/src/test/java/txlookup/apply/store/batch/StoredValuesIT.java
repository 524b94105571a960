package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot.Origin;

/** Every value comes back from PostgreSQL as it went in: digits and scale, microseconds, any character, null. */
class StoredValuesIT {
    @Test
    void keepsRandomValuesExactly() throws SQLException {
        long seed = 11;
        Random random = new Random(seed);
        Map<String, LedgerEntry> written = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            LedgerEntry entry = random("tx-" + i, random);
            written.put(entry.txId(), entry);
        }
        written.put(
                "huge",
                withAmount("huge", new BigDecimal(BigInteger.TEN.pow(999).add(BigInteger.ONE))));
        written.put("fine", withAmount("fine", new BigDecimal(BigInteger.valueOf(123_456_789), 999)));
        written.put("zero", withAmount("zero", new BigDecimal("0.0000")));
        try (StoreFixture fixture = new StoreFixture()) {
            fixture.apply(fixture.claim("ledger", 0), new ArrayList<>(written.values()));
            int read = 0;
            try (Connection connection = fixture.connections.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM ledger_entry")) {
                while (row.next()) {
                    LedgerEntry entry = written.get(row.getString("tx_id"));
                    assertThat(row.getString("amount"))
                            .as("seed %d", seed)
                            .isEqualTo(entry.amount().toPlainString());
                    assertThat(row.getBigDecimal("amount_signed")).isEqualTo(entry.amountSigned());
                    assertThat(row.getString("wallet_id")).isEqualTo(entry.walletId());
                    assertThat(row.getString("entry_type")).isEqualTo(entry.entryType());
                    assertThat(row.getString("related_id")).isEqualTo(entry.relatedId());
                    assertThat(row.getString("related_type")).isEqualTo(entry.relatedType());
                    assertThat(time(row, "event_time")).isEqualTo(entry.eventTime());
                    assertThat(time(row, "created_at")).isEqualTo(entry.createdAt());
                    assertThat(time(row, "updated_at")).isEqualTo(entry.updatedAt());
                    assertThat(row.getObject("version", Long.class)).isEqualTo(entry.version());
                    assertThat(row.getLong("digest")).isEqualTo(entry.origin().digest());
                    assertThat(time(row, "source_time"))
                            .isEqualTo(entry.origin().time());
                    read++;
                }
            }
            assertThat(read).isEqualTo(written.size());
        }
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static LedgerEntry withAmount(String txId, BigDecimal amount) {
        return new LedgerEntry(
                txId, "w", "t", amount, null, null, null, CUTOVER, CUTOVER, null, null, new Origin(1, CUTOVER, 1));
    }

    private static LedgerEntry random(String txId, Random random) {
        return new LedgerEntry(
                txId,
                text(random),
                text(random),
                decimal(random),
                random.nextBoolean() ? null : decimal(random),
                random.nextBoolean() ? null : text(random),
                random.nextBoolean() ? null : text(random),
                time(random),
                time(random),
                random.nextBoolean() ? null : time(random),
                random.nextBoolean() ? null : random.nextLong(),
                new Origin(random.nextLong(), time(random), random.nextLong()));
    }

    private static BigDecimal decimal(Random random) {
        return new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(40))
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }

    private static Instant time(Random random) {
        long first = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        return Instant.ofEpochSecond(
                first + (long) (random.nextDouble() * (last - first)), random.nextInt(1_000_000) * 1000L);
    }

    private static String text(Random random) {
        List<String> pieces = List.of("a", "청", "\t", "\\", "\"", "'", "😀", "é", "\n", "\\N", ",", "\u0001", "\r");
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }
}
