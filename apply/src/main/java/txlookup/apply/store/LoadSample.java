package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;

/** What loading some rows costs this database, tried on a temporary table of the same shape: nothing of it stays. */
public final class LoadSample {
    private static final String CREATE =
            "CREATE TEMPORARY TABLE load_sample (LIKE %s INCLUDING ALL EXCLUDING INDEXES) ON COMMIT DROP";

    private LoadSample() {}

    /** How long the database took for them; nothing when all were refused. */
    public static Duration measure(DataSource connections, Entity entity, List<? extends Decoded> decoded)
            throws SQLException {
        BulkTable<?> table =
                switch (entity) {
                    case LEDGER_ENTRY -> BulkTable.LEDGER_ENTRY;
                    case PAYMENT_ORDER -> BulkTable.PAYMENT_ORDER;
                };
        try (Connection connection = connections.getConnection()) {
            try {
                Statements.execute(connection, CREATE.formatted(table.name()));
                long start = System.nanoTime();
                table.copy(connection, "pg_temp.load_sample", decoded, new ArrayList<>(), 0, Instant.now());
                return Duration.ofNanos(System.nanoTime() - start);
            } finally {
                connection.rollback();
            }
        }
    }
}
