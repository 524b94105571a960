package txlookup.guarantee.fault;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import txlookup.guarantee.Trial;

/** What people and failovers do to a running server, as a superuser could do it; each ends before it returns. */
public final class DatabaseTrouble {
    /** 57P01, as on a shutdown. */
    public static final String END = "pg_terminate_backend";

    /** 57014, as when a statement takes too long. */
    public static final String CANCEL = "pg_cancel_backend";

    /** What the server says of a row that takes too long. */
    static final String TOOK_TOO_LONG = "a slow row takes longer than a statement may";

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static final String BUSY = """
            SELECT count(*) FROM (
                SELECT %s(pid) FROM pg_stat_activity
                WHERE datname = '%s' AND application_name = 'txlookup' AND state IN ('active', 'idle in transaction')) AS them""";

    private static final String TWENTY_MILLISECONDS = """
            CREATE OR REPLACE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql
                AS $$BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END$$""";

    // Says at once what the server says after the timeout, which every half of a batch would have to wait for.
    private static final String TOO_LONG = """
            CREATE OR REPLACE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql
                AS $$BEGIN RAISE '%s' USING ERRCODE = 'query_canceled'; END$$""".formatted(DatabaseTrouble.TOOK_TOO_LONG);

    private static final String SLOW = """
            CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON ledger_entry
                FOR EACH ROW WHEN (NEW.tx_id LIKE 'slow-%') EXECUTE FUNCTION public.slow()""";

    private static final String FAST = "DROP TRIGGER slow ON ledger_entry";

    public interface Meanwhile {
        void happens() throws Exception;
    }

    public interface Access {
        Connection open() throws SQLException;
    }

    private final Access access;
    private final String database;

    /** @param access of a superuser to the database */
    public DatabaseTrouble(Access access, String database) {
        this.access = access;
        this.database = database;
    }

    static DatabaseTrouble of(Trial trial) {
        return new DatabaseTrouble(() -> trial.servers.connect(trial.name), trial.name);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = access.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Does it to consumers' connections that are in the middle of something, so often; fewer when they are never. */
    public void whileBusy(String what, int times) throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (Connection connection = access.open();
                Statement statement = connection.createStatement()) {
            for (int done = 0; done < times && System.nanoTime() < deadline; ) {
                try (ResultSet row = statement.executeQuery(BUSY.formatted(what, database))) {
                    row.next();
                    done += row.getInt(1);
                }
                Thread.sleep(10);
            }
        }
    }

    /** 25006: what is reached is not yet, or no longer, the primary. */
    public void readOnly(Meanwhile meanwhile) throws Exception {
        try (Connection connection = access.open();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET default_transaction_read_only = on");
            statement.execute("SELECT pg_reload_conf()");
            try {
                meanwhile.happens();
            } finally {
                statement.execute("ALTER SYSTEM RESET default_transaction_read_only");
                statement.execute("SELECT pg_reload_conf()");
            }
        }
    }

    /** Each ledger entry whose id begins with {@code slow-} takes 20 ms. */
    public void slowRows(Meanwhile meanwhile) throws Exception {
        execute(TWENTY_MILLISECONDS);
        execute(SLOW);
        try {
            meanwhile.happens();
        } finally {
            execute(FAST);
        }
    }

    /** While rows are slow: each of them takes longer than a statement may, even alone. */
    void tooSlowRows(Meanwhile meanwhile) throws Exception {
        execute(TOO_LONG);
        try {
            meanwhile.happens();
        } finally {
            execute(TWENTY_MILLISECONDS);
        }
    }

    /** Repeats what happens meanwhile until the time is over. */
    public void lockTable(Duration howLong, Meanwhile meanwhile) throws Exception {
        long end = System.nanoTime() + howLong.toNanos();
        try (Connection connection = access.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
            do {
                meanwhile.happens();
            } while (System.nanoTime() < end);
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError("the lock was lost before its time", e);
        }
    }
}
