package txlookup.api.health;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import txlookup.api.audit.AuditWriter;

/** Whether this process can do its work. Which generation serves, and whether one does, is no part of it. */
@Component
public final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private static final Duration KEPT = Duration.ofMillis(500);

    // Reads the catalogue only; a schema that is not there gives null and no failure.
    private static final String STORE = """
            SELECT to_regclass('bo.serving') IS NOT NULL AND to_regclass('bo.process') IS NOT NULL
                       AND to_regclass('bo.audit') IS NOT NULL AND to_regclass('bo.audit_chain') IS NOT NULL AS migrated,
                   coalesce(has_table_privilege(to_regclass('bo.audit'), 'INSERT')
                           AND has_column_privilege(to_regclass('bo.audit_chain'), 'head_hash', 'UPDATE')
                           AND has_column_privilege(to_regclass('bo.audit_chain'), 'last_sequence', 'UPDATE'), true)
                       AND NOT pg_is_in_recovery() AS auditable""";

    private final DataSource database;
    private final AuditWriter audit;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Seen seen;
    private volatile boolean ending;

    private record Seen(long nanos, Map<String, String> notReady) {}

    Readiness(@Qualifier("controlConnections") DataSource database, AuditWriter audit) {
        this.database = database;
        this.audit = audit;
    }

    /** From now on this process is not ready, although it answers. */
    public void giveNotice() {
        ending = true;
    }

    /** What is not ready, with the reason; empty when everything is. No more in it than a stranger may know. */
    Map<String, String> notReady() {
        Map<String, String> notReady = new TreeMap<>();
        if (ending) {
            notReady.put("process", "is ending");
        }
        notReady.putAll(ofStore());
        audit.fault().ifPresent(fault -> notReady.put("audit", fault));
        return notReady;
    }

    /** Strangers may ask as often as they like: the store is asked at most once in {@link #KEPT}, by one of them. */
    private Map<String, String> ofStore() {
        Seen last = seen;
        boolean fresh = last != null && System.nanoTime() - last.nanos() < KEPT.toNanos();
        if (fresh || !asking.compareAndSet(false, true)) {
            return last == null ? Map.of("process", "is starting") : last.notReady();
        }
        try {
            Map<String, String> now = read();
            seen = new Seen(System.nanoTime(), now);
            return now;
        } finally {
            asking.set(false);
        }
    }

    private Map<String, String> read() {
        Map<String, String> notReady = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STORE)) {
            row.next();
            if (!row.getBoolean("migrated")) {
                notReady.put("schema", "schema bo is missing or incomplete; migrate the database");
            }
            if (!row.getBoolean("auditable")) {
                notReady.put("audit", "audit rows cannot be inserted: no privilege, or the database is read-only");
            }
        } catch (SQLException e) {
            LOG.warn("Not ready: {}", e.toString());
            notReady.put("database", "unreachable");
        }
        return notReady;
    }
}
