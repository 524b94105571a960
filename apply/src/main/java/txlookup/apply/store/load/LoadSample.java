package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.batch.LedgerEntryTable;
import txlookup.apply.store.batch.PaymentOrderTable;
import txlookup.apply.store.batch.StagingMerge;
import txlookup.apply.store.sql.Statements;

/**
 * What loading some rows costs this database, tried on a temporary table as batches are staged in, because the generation
 * may have no tables yet: nothing of it stays.
 */
public final class LoadSample {
    private static final String TABLE = "load_sample";

    private LoadSample() {}

    /** How long the database took for them; nothing when all were refused. */
    public static Duration measure(DataSource connections, Entity entity, List<? extends Decoded> decoded)
            throws SQLException {
        boolean entries = entity == Entity.LEDGER_ENTRY;
        StagingMerge staged = entries ? LedgerEntryTable.TABLE : PaymentOrderTable.TABLE;
        BulkTable<?> table = entries ? BulkTable.LEDGER_ENTRY : BulkTable.PAYMENT_ORDER;
        try (Connection connection = connections.getConnection()) {
            try {
                Statements.execute(connection, staged.create().replace(staged.name(), TABLE));
                long start = System.nanoTime();
                table.copy(connection, "pg_temp." + TABLE, decoded, new ArrayList<>(), 0, Instant.now());
                return Duration.ofNanos(System.nanoTime() - start);
            } finally {
                connection.rollback();
            }
        }
    }
}
