package txlookup.apply.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.batch.RandomHistory;
import txlookup.local.testing.SharedPostgres;

/** The comparator and PostgreSQL agree about every pair. */
class SnapshotOrderIT {
    private static final String COMPARE = """
            SELECT CASE WHEN %1$s < %2$s THEN -1 WHEN %1$s > %2$s THEN 1 WHEN %1$s = %2$s THEN 0 END
            FROM (VALUES (?::timestamptz, ?::bigint, ?::timestamptz, ?::bigint)) AS a (updated_at, version, source_time, digest),
                 (VALUES (?::timestamptz, ?::bigint, ?::timestamptz, ?::bigint)) AS b (updated_at, version, source_time, digest)""".formatted(SnapshotOrder.sqlRow("a"), SnapshotOrder.sqlRow("b"));

    @Test
    void codeAndSqlOrderTheSameWay() throws SQLException {
        long seed = 42;
        List<LedgerEntry> snapshots = new RandomHistory(seed).snapshots();
        Random random = new Random(seed);
        try (Connection connection = SharedPostgres.newDatabase().connect();
                PreparedStatement statement = connection.prepareStatement(COMPARE)) {
            for (int i = 0; i < 3000; i++) {
                LedgerEntry a = extreme(snapshots.get(random.nextInt(snapshots.size())), random);
                LedgerEntry b = extreme(snapshots.get(random.nextInt(snapshots.size())), random);
                set(statement, 0, a);
                set(statement, 4, b);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    assertThat(row.getInt(1))
                            .as("seed %d: %s against %s", seed, a, b)
                            .isEqualTo(Integer.signum(SnapshotOrder.OLDEST_FIRST.compare(a, b)));
                    assertThat(row.wasNull()).isFalse();
                }
            }
        }
    }

    private static LedgerEntry extreme(LedgerEntry entry, Random random) {
        Long version =
                switch (random.nextInt(8)) {
                    case 0 -> Long.MIN_VALUE;
                    case 1 -> Long.MAX_VALUE;
                    default -> entry.version();
                };
        Instant updatedAt = random.nextInt(8) == 0 ? Instant.parse("0001-01-01T00:00:00Z") : entry.updatedAt();
        return new LedgerEntry(
                entry.txId(),
                entry.walletId(),
                entry.entryType(),
                entry.amount(),
                null,
                null,
                null,
                entry.eventTime(),
                entry.createdAt(),
                updatedAt,
                version,
                entry.origin());
    }

    private static void set(PreparedStatement statement, int from, LedgerEntry entry) throws SQLException {
        if (entry.updatedAt() == null) {
            statement.setNull(from + 1, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(from + 1, utc(entry.updatedAt()));
        }
        statement.setObject(from + 2, entry.version(), Types.BIGINT);
        statement.setObject(from + 3, utc(entry.origin().time()));
        statement.setLong(from + 4, entry.origin().digest());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
