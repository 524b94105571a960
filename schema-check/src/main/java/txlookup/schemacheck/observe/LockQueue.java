package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sees the lock of a statement that runs in no transaction and has given it back when it ends: another session holds a lock
 * that it has to wait for.
 */
final class LockQueue {
    private static final long LOOK_EVERY_MS = 2;

    /** What the statement returned, and the locks on which it waited. */
    record Waited<T>(T result, Map<Long, LockMode> locks) {}

    private LockQueue() {}

    /**
     * Runs a statement behind locks on these tables, which it gets as soon as its own lock was seen.
     *
     * @param pid of the session in which it runs
     */
    static <T> Waited<T> run(Connection holder, Collection<String> tables, int pid, Callable<T> statement)
            throws SQLException {
        FutureTask<T> running = new FutureTask<>(statement);
        Map<Long, LockMode> seen = new HashMap<>();
        try {
            holder.setAutoCommit(false);
            if (!tables.isEmpty()) {
                try (Statement lock = holder.createStatement()) {
                    lock.execute("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE".formatted(String.join(", ", tables)));
                }
            }
            Thread thread = new Thread(running, "revision");
            thread.setDaemon(true);
            thread.start();
            try (PreparedStatement look = holder.prepareStatement(Activity.OF_A_SESSION)) {
                while (!running.isDone() && seen.isEmpty()) {
                    pause(running);
                    seen.putAll(Activity.of(look, pid).locks());
                    seen.values().removeIf(mode -> mode.compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) < 0);
                }
            }
        } finally {
            holder.rollback();
        }
        return new Waited<>(result(running), seen);
    }

    private static void pause(FutureTask<?> running) throws SQLException {
        try {
            running.get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException | InterruptedException e) {
            throw failed(e);
        }
    }

    private static <T> T result(FutureTask<T> running) throws SQLException {
        try {
            return running.get();
        } catch (ExecutionException | InterruptedException e) {
            throw failed(e);
        }
    }

    private static SQLException failed(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return e.getCause() instanceof SQLException cause
                ? cause
                : new SQLException("A statement outside a transaction did not end: " + e.getMessage(), e);
    }
}
