package txlookup.debezium;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.SharedPostgres;

/** The source of truth: a database with the two tables, on a server that lets its changes be captured. */
record SourceDatabase(PostgresSettings settings, LocalPostgres server, String name) {
    static final String LEDGER_TABLE = "public.transaction_ledger";
    static final String PAYMENT_ORDER_TABLE = "public.payment_orders";

    // Types as they are found in such tables, with columns that the contract does not know. Replica identity FULL:
    // without
    // it an update that leaves a long (TOASTed) text alone comes with a placeholder in its place, and the event is no
    // longer the whole snapshot that the contract wants.
    private static final String TABLES = """
            CREATE TABLE transaction_ledger (
                tx_id         text PRIMARY KEY,
                wallet_id     varchar(64)    NOT NULL,
                entry_type    varchar(16)    NOT NULL,
                amount        numeric(38, 8) NOT NULL,
                amount_signed numeric,
                related_id    text,
                related_type  text,
                event_time    timestamptz    NOT NULL,
                created_at    timestamp      NOT NULL,
                updated_at    timestamptz,
                version       bigint,
                memo          jsonb,
                posted        boolean        NOT NULL DEFAULT true
            );
            CREATE TABLE payment_orders (
                order_id      text PRIMARY KEY,
                user_id       text,
                merchant_name text,
                amount        numeric     NOT NULL,
                status        text        NOT NULL,
                created_at    timestamptz NOT NULL,
                updated_at    timestamp,
                version       bigint,
                attempts      integer     NOT NULL DEFAULT 0,
                labels        text[]
            );
            ALTER TABLE transaction_ledger REPLICA IDENTITY FULL;
            ALTER TABLE payment_orders REPLICA IDENTITY FULL""";

    private static final String SLOT_IS_READ = "SELECT active FROM pg_replication_slots WHERE slot_name = ?";

    private static final String END_OF_LOG = "SELECT pg_current_wal_insert_lsn()";

    private static final String CONFIRMED_UP_TO =
            "SELECT confirmed_flush_lsn >= ?::pg_lsn FROM pg_replication_slots WHERE slot_name = ?";

    /** A server for sources: logical decoding, and a time zone in which a lost offset would show. */
    static PostgresSettings serverSettings(Path dataFolder) {
        PostgresSettings shared = SharedPostgres.settings(dataFolder);
        Map<String, String> configuration = new HashMap<>(shared.configuration());
        configuration.put("wal_level", "logical");
        configuration.put("timezone", "Asia/Seoul");
        return new PostgresSettings(
                shared.dataFolder(),
                shared.binariesFolder(),
                shared.port(),
                shared.superuser(),
                shared.password(),
                configuration,
                shared.logFile(),
                shared.deadline());
    }

    /** Makes the database with its two empty tables. */
    static SourceDatabase create(PostgresSettings settings, LocalPostgres server, String name) throws SQLException {
        server.createDatabase(name);
        SourceDatabase database = new SourceDatabase(settings, server, name);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        return database;
    }

    DataSource connections() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl(name));
        source.setUser(settings.superuser());
        source.setPassword(settings.password());
        return source;
    }

    Connection connect() throws SQLException {
        return connections().getConnection();
    }

    /** Debezium's settings for this database; its own form comes from {@link EventForm}. */
    Map<String, String> connectorSettings(String topicPrefix) {
        Map<String, String> connector = new LinkedHashMap<>();
        connector.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        connector.put("database.hostname", "127.0.0.1");
        connector.put("database.port", Integer.toString(server.port()));
        connector.put("database.user", settings.superuser());
        connector.put("database.password", settings.password());
        connector.put("database.dbname", name);
        connector.put("topic.prefix", topicPrefix);
        connector.put("table.include.list", LEDGER_TABLE + "," + PAYMENT_ORDER_TABLE);
        connector.put("plugin.name", "pgoutput");
        connector.put("slot.name", name);
        connector.put("publication.name", name);
        connector.put("publication.autocreate.mode", "filtered");
        connector.put("snapshot.mode", "no_data"); // what was there before is the backfill's part
        connector.put("decimal.handling.mode", "string");
        connector.put("tombstones.on.delete", "false");
        connector.put("poll.interval.ms", "50");
        return connector;
    }

    /** Whether the connector reads its replication slot: from then on it publishes every change that is committed. */
    boolean isCaptured() throws SQLException {
        return ask(SLOT_IS_READ, name);
    }

    /** How far the database's log has been written. */
    String endOfLog() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(END_OF_LOG)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Whether the connector has confirmed the log up to there, which it does once Kafka has acknowledged the events. */
    boolean isPublishedUpTo(String positionInLog) throws SQLException {
        return ask(CONFIRMED_UP_TO, positionInLog, name);
    }

    private boolean ask(String sql, String... parameters) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
