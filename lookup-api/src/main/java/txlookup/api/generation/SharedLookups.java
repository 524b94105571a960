package txlookup.api.generation;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import txlookup.api.freshness.DataAge;
import txlookup.api.generation.GenerationHandle.Side;
import txlookup.api.query.LookupQueries;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.ProblemException;
import txlookup.profiles.digest.Sha256;

/**
 * The three lookups, of which a candidate on trial answers a share. An id is always on the same side, and raising the share
 * only adds ids. A candidate that fails or takes too long is counted against, and what serves answers in its place.
 */
public final class SharedLookups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLookups.class);
    private static final int PER_CENT = 100;

    private final Generations generations;
    private final SideMeters meters;
    private final Duration candidateTimeout;
    // What a stuck candidate has not answered yet holds threads; more than this are not sent to it.
    private final Semaphore unanswered;
    private final ExecutorService askers = Executors.newCachedThreadPool(OwnThreads.named("candidate-lookup"));

    /**
     * @param candidateTimeout how long a candidate may take
     * @param atOnce most lookups that a candidate has not answered yet
     */
    public SharedLookups(Generations generations, SideMeters meters, Duration candidateTimeout, int atOnce) {
        this.generations = generations;
        this.meters = meters;
        this.candidateTimeout = candidateTimeout;
        this.unanswered = new Semaphore(atOnce);
    }

    /** What is asked of one generation. */
    @FunctionalInterface
    public interface Question<T> {
        T of(LookupQueries lookups) throws SQLException;
    }

    /**
     * An answer.
     *
     * @param generation the generation that it is of
     * @param age how old the data was that it was read from, as it was known before: so never younger than it was
     */
    public record Answer<T>(T value, GenerationStore generation, DataAge age) {}

    /** @param handle of what serves, or of a generation that was asked for by its number, which answers all by itself */
    public <T> Answer<T> answer(GenerationHandle handle, String id, Question<T> question) throws SQLException {
        if (handle.side() == Side.NAMED) {
            return ask(handle.store(), question);
        }
        if (isOnTrial(handle.row(), id)) {
            Optional<Answer<T>> answer = byCandidate(handle, question);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        long began = System.nanoTime();
        boolean failed = true;
        try {
            Answer<T> answer = ask(handle.store(), question);
            failed = false;
            return answer;
        } catch (ProblemException e) {
            failed = isFault(e);
            throw e;
        } finally {
            count(handle, Side.SERVING, failed, began);
        }
    }

    /** Whether the candidate is asked first. */
    static boolean isOnTrial(ServingState row, String id) {
        return row.candidate() != null && row.share() > 0 && place(id) < row.share();
    }

    /** 0 to 99, from the first four bytes of SHA-256. */
    static int place(String id) {
        return Integer.remainderUnsigned(ByteBuffer.wrap(Sha256.of(id)).getInt(), PER_CENT);
    }

    /** The replica is asked first while it is fit, and the store where that fails. */
    private <T> Answer<T> ask(GenerationStore store, Question<T> question) throws SQLException {
        Optional<LookupReplica> replica = store.fitReplica();
        Optional<Answer<T>> answer = replica.flatMap(fit -> byReplica(store, fit, question));
        if (answer.isPresent()) {
            return answer.get();
        }
        DataAge age = store.age();
        return new Answer<>(question.of(store.lookups()), store, age);
    }

    private <T> Optional<Answer<T>> byReplica(GenerationStore store, LookupReplica replica, Question<T> question) {
        DataAge age = replica.age();
        try {
            Answer<T> answer = new Answer<>(question.of(replica.lookups()), store, age);
            meters.replicaRead(false);
            return Optional.of(answer);
        } catch (SQLException e) {
            // A value that no server takes says nothing about this one.
            if (!String.valueOf(e.getSQLState()).startsWith("22")) {
                replica.leaveOut(e);
                meters.replicaRead(true);
            }
        } catch (ProblemException e) {
            if (!isFault(e)) {
                throw e;
            }
            replica.leaveOut(e);
            meters.replicaRead(true);
        }
        return Optional.empty();
    }

    private <T> Optional<Answer<T>> byCandidate(GenerationHandle serving, Question<T> question) {
        long began = System.nanoTime();
        boolean failed = true;
        try {
            CompletableFuture<Answer<T>> asked = ask(serving, question);
            Answer<T> answer = asked.get(candidateTimeout.toNanos(), TimeUnit.NANOSECONDS);
            failed = false;
            return Optional.of(answer);
        } catch (TimeoutException e) {
            LOG.debug("The candidate {} gave no answer in {}", serving.row().candidate(), candidateTimeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem && !isFault(problem)) {
                failed = false;
                throw problem;
            }
            LOG.warn("The candidate {} failed: {}", serving.row().candidate(), String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the service is stopping", "candidate: interrupted");
        } finally {
            count(serving, Side.CANDIDATE, failed, began);
        }
        return Optional.empty();
    }

    private <T> CompletableFuture<Answer<T>> ask(GenerationHandle serving, Question<T> question) {
        CompletableFuture<Answer<T>> asked = new CompletableFuture<>();
        if (!unanswered.tryAcquire()) {
            asked.completeExceptionally(new IllegalStateException("it has too many lookups to answer already"));
            return asked;
        }
        Optional<GenerationHandle> candidate = generations.candidate(serving);
        if (candidate.isEmpty()) {
            unanswered.release();
            asked.completeExceptionally(new IllegalStateException("it is not open"));
            return asked;
        }
        askers.execute(() -> {
            try (GenerationHandle handle = candidate.get()) {
                asked.complete(ask(handle.store(), question));
            } catch (SQLException | RuntimeException e) {
                asked.completeExceptionally(e);
            } finally {
                unanswered.release();
            }
        });
        return asked;
    }

    private void count(GenerationHandle handle, Side side, boolean failed, long began) {
        Duration duration = Duration.ofNanos(System.nanoTime() - began);
        (side == Side.CANDIDATE
                        ? handle.counters().candidate()
                        : handle.counters().serving())
                .count(duration, failed);
        meters.lookup(side, failed, duration);
    }

    /** A wrong parameter is the caller's fault, and neither side's. */
    private static boolean isFault(ProblemException problem) {
        return problem.problem().status() >= HttpStatus.INTERNAL_SERVER_ERROR.value();
    }

    @Override
    public void close() {
        askers.shutdownNow();
    }
}
