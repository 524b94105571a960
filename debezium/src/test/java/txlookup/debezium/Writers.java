package txlookup.debezium;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import txlookup.debezium.PaymentBook.Payment;

/** Sessions that write to the source at the same time, often the same rows, until they are stopped. */
final class Writers implements AutoCloseable {
    private static final int SESSIONS = 3;
    private static final int PAUSE_MILLIS = 8;

    private final SourceDatabase source;
    private final List<Payment> committed = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopping;

    private Writers(SourceDatabase source) {
        this.source = source;
    }

    /** Fills the source with payments, then starts. */
    static Writers start(SourceDatabase source, long seed, int paymentsBefore) throws SQLException {
        Writers writers = new Writers(source);
        writers.fill(new Random(seed), paymentsBefore);
        for (int session = 1; session <= SESSIONS; session++) {
            String name = "w" + session;
            Random random = new Random(seed + session);
            writers.running.add(writers.threads.submit(() -> {
                writers.write(name, random);
                return null;
            }));
        }
        return writers;
    }

    private void fill(Random random, int payments) throws SQLException {
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            PaymentBook book = new PaymentBook(connection, random);
            for (int i = 0; i < payments; i++) {
                Payment payment = new Payment("initial-" + i);
                book.open(payment);
                committed.add(payment);
            }
            connection.commit();
        }
    }

    private void write(String name, Random random) throws SQLException, InterruptedException {
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            PaymentBook book = new PaymentBook(connection, random);
            for (int i = 0; !stopping; i++) {
                Payment opened = random.nextInt(3) == 0 ? new Payment(name + "-" + i) : null;
                if (opened != null) {
                    book.open(opened);
                } else {
                    book.change(some(random));
                }
                if (random.nextInt(10) == 0) {
                    Thread.sleep(random.nextInt(50)); // others commit in the meantime, or wait for this one's rows
                }
                if (random.nextInt(10) == 0) {
                    connection.rollback(); // nobody may ever hear of it
                    continue;
                }
                connection.commit();
                commits.incrementAndGet();
                if (opened != null) {
                    add(opened);
                }
                Thread.sleep(random.nextInt(2 * PAUSE_MILLIS));
            }
            connection.rollback();
        }
    }

    private synchronized Payment some(Random random) {
        return committed.get(random.nextInt(committed.size()));
    }

    private synchronized void add(Payment payment) {
        committed.add(payment);
    }

    /** How many transactions were committed. */
    long commits() {
        return commits.get();
    }

    /** Returns when that many more transactions are committed. */
    void awaitCommits(int more) throws Exception {
        long wanted = commits() + more;
        AwaitedAnswer.holds("the writers go on", () -> {
            for (Future<?> writer : running) {
                if (writer.isDone()) {
                    writer.get();
                }
            }
            return commits() >= wanted;
        });
    }

    /** Ends the sessions after their present transaction; fails when one of them failed. */
    void stop() throws Exception {
        stopping = true;
        for (Future<?> writer : running) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
