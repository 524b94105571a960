package txlookup.api.health;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import txlookup.api.audit.AuditWriter;

/** Whether this process can do its work. Which generation serves, and whether one does, is no part of it. */
@Component
public final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

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
    private volatile boolean ending;

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
        audit.fault().ifPresent(fault -> notReady.put("audit", fault));
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
