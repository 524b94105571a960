package txlookup.bench.measure;

import java.sql.Connection;
import java.sql.DriverManager;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;

/**
 * What the database server has done since it was started.
 *
 * @param processorSeconds of all its processes
 * @param walBytes written ahead to its log
 */
public record DatabaseWork(double processorSeconds, long walBytes) {
    public static DatabaseWork of(Servers servers) throws Exception {
        String url = servers.postgres().jdbcUrl("postgres");
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench")) {
            long wal = Sql.number(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
            return new DatabaseWork(ProcessorTime.of(servers.postgres().pid()), wal);
        }
    }

    public DatabaseWork since(DatabaseWork before) {
        return new DatabaseWork(processorSeconds - before.processorSeconds, walBytes - before.walBytes);
    }

    public void addTo(Metrics figures, String prefix, long events) {
        figures.add(prefix + "database_us_an_event", processorSeconds * 1e6 / events);
        figures.add(prefix + "wal_bytes_an_event", (double) walBytes / events);
    }
}
