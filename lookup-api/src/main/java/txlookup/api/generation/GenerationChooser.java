package txlookup.api.generation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.generation.GenerationHandle.Side;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/**
 * Chooses the generation that answers a request, and says in the answer which it was. A request keeps it to its end, with
 * one exception: an answer that a switch overtook by more than a lease is read again from what serves now.
 */
@Component
public final class GenerationChooser {
    /** In the console's forms and links: the numbers of dead letters are those of one generation. */
    private static final String PARAMETER = "generation";

    // What they do can be done twice and shows the same.
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD");

    private final Generations generations;

    GenerationChooser(Generations generations) {
        this.generations = generations;
    }

    /** Asks the generation of the handle, or another in its place. */
    @FunctionalInterface
    public interface Route<T> {
        SharedLookups.Answer<T> of(GenerationHandle handle) throws SQLException;
    }

    /**
     * An answer.
     *
     * @param generation the generation that it is of; null where none was asked
     * @param known the row that chose it; null where none was asked, or one by its number
     */
    public record Answered<T>(T value, @Nullable Long generation, ServingReader.@Nullable Known known) {}

    /**
     * Answers, and sets the headers that name the generation and its age.
     *
     * @throws ProblemException 503 while nothing serves, 409 for a generation that cannot be read, 403 for one that the
     *     caller may not ask for
     */
    public <T> Answered<T> answer(
            Subject subject, Caller caller, HttpServletRequest request, HttpServletResponse response, Route<T> route)
            throws SQLException {
        Optional<Long> named = named(subject, request);
        try (GenerationHandle handle = take(named, caller)) {
            SharedLookups.Answer<T> answer = first(handle, request, route);
            if (answer != null) {
                return answered(handle, answer, response);
            }
        }
        try (GenerationHandle handle = take(named, caller)) {
            return answered(handle, route.of(handle), response);
        }
    }

    private GenerationHandle take(Optional<Long> named, Caller caller) throws SQLException {
        return named.isPresent() ? generations.named(named.get(), caller) : generations.serving();
    }

    /** Null where what serves is another by now and either it failed or the handle is old: a frozen process thaws so. */
    private <T> SharedLookups.@Nullable Answer<T> first(
            GenerationHandle handle, HttpServletRequest request, Route<T> route) throws SQLException {
        boolean mayRepeat = handle.side() == Side.SERVING && REPEATABLE.contains(request.getMethod());
        try {
            SharedLookups.Answer<T> answer = route.of(handle);
            return mayRepeat && handle.isOld() && generations.isPast(handle) ? null : answer;
        } catch (SQLException e) {
            if (mayRepeat && isPast(handle, e)) {
                return null;
            }
            throw e;
        }
    }

    /** A retired generation's tables are dropped, and whoever still reads them is cancelled. */
    private boolean isPast(GenerationHandle handle, SQLException failure) {
        try {
            return generations.isPast(handle);
        } catch (SQLException | ProblemException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    private static <T> Answered<T> answered(
            GenerationHandle handle, SharedLookups.Answer<T> answer, HttpServletResponse response) {
        GenerationHeaders.set(answer, response);
        return new Answered<>(
                answer.value(), answer.generation().generation(), handle.side() == Side.NAMED ? null : handle.known());
    }

    private static Optional<Long> named(Subject subject, HttpServletRequest request) {
        Optional<Long> header = number(Generations.HEADER, request.getHeader(Generations.HEADER));
        return header.isEmpty() && subject.isOfOneGeneration()
                ? number(PARAMETER, request.getParameter(PARAMETER))
                : header;
    }

    private static Optional<Long> number(String name, @Nullable String text) {
        return Optional.ofNullable(text)
                .map(String::strip)
                .filter(given -> !given.isEmpty())
                .map(given -> QueryParameters.number(name, given));
    }
}
