package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Statements that take long, several at once, as the server works on each with one processor. None is left running. */
final class SideBySide {
    private static final Logger log = LoggerFactory.getLogger(SideBySide.class);

    private final DataSource connections;
    private final int atOnce;
    private final long sortMegabytes;
    private final Set<Statement> running = ConcurrentHashMap.newKeySet();

    /** What is done in a session of its own; its statement is canceled when the load is interrupted. */
    interface Work {
        void in(Connection connection, Statement statement) throws SQLException;
    }

    /**
     * @param atOnce how many at most; each takes a connection
     * @param sortMegabytes how much memory making an index may take in each
     */
    SideBySide(DataSource connections, int atOnce, long sortMegabytes) {
        this.connections = connections;
        this.atOnce = atOnce;
        this.sortMegabytes = sortMegabytes;
    }

    /** Does all of it. When one fails, the others are still done, so that the next try finds them. */
    void run(List<Work> all) throws SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<Void>> begun = new ArrayList<>();
            for (Work one : all) {
                begun.add(threads.submit(() -> run(one)));
            }
            awaitAll(begun);
        } finally {
            end(threads);
        }
    }

    private Void run(Work work) throws SQLException {
        try (LongStatements session = new LongStatements(connections, sortMegabytes);
                Statement statement = session.connection().createStatement()) {
            running.add(statement);
            try {
                work.in(session.connection(), statement);
            } finally {
                running.remove(statement);
            }
        }
        return null;
    }

    private static void awaitAll(List<Future<Void>> begun) throws SQLException, InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        for (Future<Void> one : begun) {
            try {
                one.get();
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            }
        }
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.get(0);
        failures.subList(1, failures.size()).forEach(first::addSuppressed);
        if (first instanceof SQLException sql) {
            throw sql;
        }
        if (first instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw new IllegalStateException(first);
    }

    /** Nobody may write after the load's lock is given back; something runs here only where this thread was interrupted. */
    private void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        while (true) {
            running.forEach(SideBySide::cancel);
            try {
                if (threads.awaitTermination(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            log.info("A statement could not be canceled, so it is waited for: {}", e.getMessage());
        }
    }
}
