package txlookup.guarantee.witness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import txlookup.guarantee.Trial;

/** Looks all the time which generations may answer, and that always exactly one serves, which is READY and there. */
final class ServingHistory implements AutoCloseable {
    /** An API process that has not looked for that long looks before it answers. */
    private static final long LEASE = Duration.ofSeconds(2).toNanos();

    private static final String LOOK = """
            SELECT s.generation, s.candidate, CASE
                WHEN (SELECT count(*) FROM bo.serving) <> 1 THEN 'not one row in bo.serving'
                WHEN s.generation IS NULL THEN 'nothing serves'
                WHEN g.state <> 'READY' THEN format('generation %s serves and is %s', s.generation, g.state)
                WHEN to_regclass(format('g%s.ledger_entry', s.generation)) IS NULL THEN
                    format('generation %s serves and has no tables', s.generation)
                WHEN c.state <> 'READY' THEN format('generation %s is on trial and is %s', s.candidate, c.state) END
            FROM bo.serving s LEFT JOIN bo.generation g ON g.generation = s.generation
            LEFT JOIN bo.generation c ON c.generation = s.candidate""";

    private record Seen(long from, Set<Long> may) {}

    private final Trial trial;
    private final Consumer<String> wrong;
    private final Deque<Seen> changes = new ArrayDeque<>();
    private final Thread thread = new Thread(this::watch, "serving");
    private volatile boolean over;

    /** @param wrong is told what should never be seen */
    ServingHistory(Trial trial, Consumer<String> wrong) {
        this.trial = trial;
        this.wrong = wrong;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        while (!over) {
            try (Connection connection = trial.servers.connect(trial.name)) {
                while (!over) {
                    look(connection);
                    Thread.sleep(10);
                }
            } catch (SQLException e) {
                // The database is one of the things that break; it comes back.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOOK)) {
            Set<Long> may = new HashSet<>();
            row.next();
            if (row.getString(3) != null) {
                wrong.accept(row.getString(3));
            }
            may.add(row.getLong(1));
            may.add(row.getLong(2));
            synchronized (changes) {
                if (changes.isEmpty() || !changes.peekLast().may().equals(may)) {
                    changes.addLast(new Seen(System.nanoTime(), may));
                }
            }
        }
    }

    /** Whether that generation might answer a request that began then and has just ended. */
    boolean mightAnswer(long generation, long began) throws SQLException {
        if (mightHave(generation, began - LEASE)) {
            return true;
        }
        try (Connection connection = trial.servers.connect(trial.name)) {
            look(connection); // it changed since the last look
        }
        return mightHave(generation, began - LEASE);
    }

    private boolean mightHave(long generation, long since) {
        synchronized (changes) {
            for (Iterator<Seen> newest = changes.descendingIterator(); newest.hasNext(); ) {
                Seen seen = newest.next();
                if (seen.may().contains(generation)) {
                    return true;
                }
                if (seen.from() < since) {
                    return false;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
