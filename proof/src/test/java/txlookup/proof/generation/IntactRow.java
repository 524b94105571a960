package txlookup.proof.generation;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import txlookup.apply.decode.CanonicalDigest;

/** An entry without {@code updated_at} and {@code version}, with the digest of its fields. */
final class IntactRow {
    private static final Instant AT = Instant.parse("2026-02-05T01:00:00Z");
    private static final String INSERT = """
            INSERT INTO %s.ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                tx_id, wallet_id, entry_type, amount)
            VALUES ('%s', '%2$s', now(), %d, 1, now(), 1, '%s', 'wallet-1', 'PAYMENT', %s)""";

    private IntactRow() {}

    static void write(ComparedGenerations two, String schema, String txId, String amount) throws SQLException {
        two.execute(INSERT.formatted(schema, AT, digest(txId, amount), txId, amount));
    }

    private static long digest(String txId, String amount) {
        CanonicalDigest digest = new CanonicalDigest();
        for (String text : List.of(txId, "wallet-1", "PAYMENT", amount)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.utf8(bytes, 0, bytes.length);
        }
        long micros = AT.getEpochSecond() * 1_000_000;
        return digest.absent()
                .absent()
                .absent()
                .number(micros)
                .number(micros)
                .absent()
                .absent()
                .finish();
    }
}
