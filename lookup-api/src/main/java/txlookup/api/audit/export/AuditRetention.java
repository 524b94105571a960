package txlookup.api.audit.export;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Drops the months of the audit that are older than they have to be kept. The store refuses a month that is not exported. */
public final class AuditRetention {
    private static final String PARTITIONS = """
            SELECT substring(c.relname FROM 'audit_(\\d{4}_\\d{2})$') AS month FROM pg_inherits
            JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'bo.audit'::regclass ORDER BY 1""";
    private static final String DROP = "SELECT bo.drop_audit_partition(?)";

    private final DataSource store;
    private final Duration retention;
    private final Clock clock;

    /** @param store connections as the auditor */
    public AuditRetention(DataSource store, Duration retention, Clock clock) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
    }

    /** A month that is gone, with the number of its rows. */
    public record Dropped(YearMonth month, long rows) {}

    /** Drops each month that ended before the retention began, the oldest first. */
    public List<Dropped> run() throws SQLException {
        LocalDate kept = clock.instant().minus(retention).atZone(ZoneOffset.UTC).toLocalDate();
        List<Dropped> dropped = new ArrayList<>();
        try (Connection connection = StoreCommits.connection(store)) {
            for (YearMonth month : months(connection)) {
                if (month.atEndOfMonth().isBefore(kept)) {
                    dropped.add(new Dropped(month, drop(connection, month)));
                }
            }
        }
        return dropped;
    }

    private static List<YearMonth> months(Connection connection) throws SQLException {
        List<YearMonth> months = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PARTITIONS)) {
            while (row.next()) {
                months.add(YearMonth.parse(row.getString("month").replace('_', '-')));
            }
        }
        return months;
    }

    private static long drop(Connection connection, YearMonth month) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DROP)) {
            statement.setObject(1, month.atDay(1));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
