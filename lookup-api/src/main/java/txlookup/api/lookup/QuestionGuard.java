package txlookup.api.lookup;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.exception.AcquirePermissionCancelledException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import txlookup.api.audit.Subject;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.store.StoreFault;
import txlookup.api.web.ProblemException;

/**
 * Stands between questions and the store. Few long questions are asked at once, so that a lookup by id always finds a
 * connection. A kind of question that finds the store away is answered with 503 at once for a moment, so that nobody
 * waits for a connection that does not come.
 */
@Component
final class QuestionGuard {
    /** What may take long however little there is of it; a lookup by id never does. */
    private static final Set<Subject> LONG_QUESTIONS = EnumSet.of(
            Subject.TRANSACTION_EXPLAINED,
            Subject.PAYMENT_ORDER_EXPLAINED,
            Subject.OPEN_PAIRS,
            Subject.SEARCH,
            Subject.MANY,
            Subject.WALLET_EXPORT,
            Subject.OPEN_PAIRS_EXPORT,
            Subject.SEARCH_EXPORT,
            Subject.DEAD_LETTERS,
            Subject.DEAD_LETTER);

    // Only what says that the store is away counts. A statement that takes too long says something of its question.
    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
            .slidingWindowSize(10)
            .minimumNumberOfCalls(10)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(2)
            .recordException(failure -> failure instanceof SQLException e && StoreFault.isOutage(e))
            .ignoreException(failure -> !(failure instanceof SQLException))
            .writableStackTraceEnabled(false)
            .build();

    private final Map<Subject, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final Bulkhead longQuestions;

    /** Half of the connections; who waits for the other half waits no longer than for a connection. */
    QuestionGuard(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        this.longQuestions = Bulkhead.of(
                "long questions",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(Math.max(1, database.poolSize() / 2))
                        .maxWaitDuration(database.connectionTimeout())
                        .writableStackTraceEnabled(false)
                        .build());
    }

    /** What is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws SQLException;
    }

    /** @throws ProblemException 503 when no place came free in time, or the store was away a moment ago */
    <T> T ask(Subject kind, Question<T> question) throws SQLException {
        Callable<T> asked =
                LONG_QUESTIONS.contains(kind) ? Bulkhead.decorateCallable(longQuestions, question::ask) : question::ask;
        try {
            return breaker(kind).executeCallable(asked);
        } catch (CallNotPermittedException e) {
            throw ProblemException.unavailable("the store is away", e.getMessage());
        } catch (BulkheadFullException | AcquirePermissionCancelledException e) {
            throw ProblemException.unavailable("too many questions of this kind are being answered", e.getMessage());
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a question fails in no other way", e);
        }
    }

    private CircuitBreaker breaker(Subject kind) {
        return breakers.computeIfAbsent(kind, each -> CircuitBreaker.of(each.name(), BREAKER));
    }
}
