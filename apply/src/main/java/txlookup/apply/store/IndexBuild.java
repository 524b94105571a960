package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the indexes of loaded tables, several at once: making one is mostly sorting, which takes one processor. */
final class IndexBuild {
    private static final Logger log = LoggerFactory.getLogger(IndexBuild.class);
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int MOST_AT_ONCE = 4;

    private final DataSource connections;
    private final int atOnce;

    /** @param atOnce how many at once at most; each takes a connection and a sort's memory */
    IndexBuild(DataSource connections, int atOnce) {
        this.connections = connections;
        this.atOnce = Math.min(atOnce, MOST_AT_ONCE);
    }

    void build(List<LoadingTable> tables) throws SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            CompletionService<Void> builds = new ExecutorCompletionService<>(threads);
            List<Callable<Void>> wanted = builds(tables);
            wanted.forEach(builds::submit);
            for (int i = 0; i < wanted.size(); i++) {
                builds.take().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Callable<Void>> builds(List<LoadingTable> tables) throws SQLException {
        List<Callable<Void>> builds = new ArrayList<>();
        try (Connection connection = connections.getConnection()) {
            for (LoadingTable table : tables) {
                for (String statement : table.indexStatements(connection)) {
                    builds.add(() -> {
                        build(table, statement);
                        return null;
                    });
                }
            }
            connection.rollback();
        }
        return builds;
    }

    /** Rows of one key more than once are looked for only where making the index finds that there are. */
    private void build(LoadingTable table, String statement) throws SQLException {
        try (LongStatements session = new LongStatements(connections)) {
            long start = System.nanoTime();
            try {
                FreshLoad.execute(session.connection(), statement);
            } catch (SQLException e) {
                if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw e;
                }
                session.connection().rollback();
                session.begin();
                table.keepNewestOfEachKey(session.connection());
                session.connection().commit();
                session.begin();
                FreshLoad.execute(session.connection(), statement);
            }
            session.connection().commit();
            log.debug("{} took {} ms", statement, (System.nanoTime() - start) / 1_000_000);
        }
    }
}
