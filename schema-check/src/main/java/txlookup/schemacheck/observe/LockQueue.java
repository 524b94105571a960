package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sees the lock of a statement that runs in no transaction and has given it back when it ends: another session holds a lock
 * that it has to wait for.
 */
final class LockQueue {
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
        Map<Long, LockMode> seen = new HashMap<>();
        CompletableFuture<T> running;
        holder.setAutoCommit(false);
        try (Statement lock = holder.createStatement();
                PreparedStatement look = holder.prepareStatement(Activity.OF_A_SESSION)) {
            if (!tables.isEmpty()) {
                lock.execute("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE".formatted(String.join(", ", tables)));
            }
            running = CompletableFuture.supplyAsync(() -> call(statement));
            while (!running.isDone() && seen.isEmpty()) {
                seen.putAll(Activity.of(look, pid).locks());
                seen.values().removeIf(mode -> mode.compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) < 0);
            }
        } finally {
            holder.rollback();
        }
        return new Waited<>(running.join(), seen);
    }

    private static <T> T call(Callable<T> statement) {
        try {
            return statement.call();
        } catch (Exception e) {
            throw new CompletionException("A statement outside a transaction did not end: " + e.getMessage(), e);
        }
    }
}
