package txlookup.api.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import txlookup.api.web.ProblemException;

/** Lets few of one kind of question ask the store at once, so that the others always find a connection. */
public final class Bulkhead {
    private final Semaphore places;
    private final Duration patience;

    /**
     * @param places how many may ask at once
     * @param patience how long one waits for its place before it is answered with 503
     */
    public Bulkhead(int places, Duration patience) {
        this.places = new Semaphore(places);
        this.patience = patience;
    }

    /** What is asked. */
    @FunctionalInterface
    public interface Question<T> {
        T ask() throws SQLException;
    }

    /** @throws ProblemException 503 when no place came free in time */
    public <T> T during(Question<T> question) throws SQLException {
        if (!isAdmitted()) {
            throw ProblemException.unavailable(
                    "too many questions of this kind are being answered", "bulkhead: no place in " + patience);
        }
        try {
            return question.ask();
        } finally {
            places.release();
        }
    }

    private boolean isAdmitted() {
        try {
            return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
