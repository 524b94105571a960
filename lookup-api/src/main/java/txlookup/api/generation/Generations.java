package txlookup.api.generation;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import txlookup.api.auth.Caller;
import txlookup.api.auth.DeniedException;
import txlookup.api.freshness.DataAge;
import txlookup.api.freshness.Freshness;
import txlookup.api.generation.GenerationHandle.Side;
import txlookup.api.generation.ServingReader.Known;
import txlookup.api.web.ProblemException;

/** Gives each request the generation that answers it. */
@Component
public final class Generations {
    /** Names the generation that answered; in a request, the one that is asked for. */
    public static final String HEADER = "X-Generation";

    private static final int MOST_TRIES = 3;

    private final ServingReader reader;
    private final GenerationStores stores;

    /** @param stores follow what the reader reads */
    Generations(ServingReader reader, GenerationStores stores) {
        this.reader = reader;
        this.stores = stores;
    }

    /**
     * What serves.
     *
     * @throws ProblemException 503 while nothing serves
     */
    GenerationHandle serving() throws SQLException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Known known = reader.current();
            Long number = known.row().generation();
            if (number == null) {
                throw ProblemException.unavailable(
                        "no generation serves yet", "bo.serving names no generation; txlookup generation switch does");
            }
            Optional<GenerationHandle> handle =
                    stores.takeOpened(number).map(store -> handle(store, Side.SERVING, known));
            if (handle.isPresent()) {
                return handle.get();
            }
        }
        throw ProblemException.unavailable("what serves is changing now", "each generation was closed as it was taken");
    }

    /**
     * The generation that somebody asks for by its number.
     *
     * @throws DeniedException 403 where it does not serve and the caller may not act
     * @throws ProblemException 409 for one that cannot be read
     */
    GenerationHandle named(long number, Caller caller) throws SQLException {
        Known last = reader.current();
        // What is known may be a moment old; a refusal has to be right.
        Known known = last.row().isReadable(number) ? last : reader.newest();
        if (!known.row().serves(number) && !caller.mayOperate()) {
            throw DeniedException.noRole(caller, Caller.OPERATE);
        }
        return readable(number, known).orElseThrow(() -> notReadable(number, known.row()));
    }

    /** The generation while it can be read; no role is asked for. */
    public Optional<GenerationHandle> readable(long number) throws SQLException {
        return readable(number, reader.current());
    }

    /** The candidate of the row that chose {@code serving}; empty where there is none. */
    Optional<GenerationHandle> candidate(GenerationHandle serving) {
        return taken(serving.row().candidate(), Side.CANDIDATE, serving.known());
    }

    /** What an answer that the row chose can be compared with; empty where there is none. */
    public Optional<GenerationHandle> compared(Known known) {
        return taken(known.row().compared(), Side.CANDIDATE, known);
    }

    /** What the row says serves, for a second look at what a request was answered from. */
    public Optional<GenerationHandle> serving(Known known) {
        return taken(known.row().generation(), Side.SERVING, known);
    }

    /** Whether something else serves by now. */
    boolean isPast(GenerationHandle handle) throws SQLException {
        return !reader.current().row().serves(handle.generation());
    }

    /** Those that can be read, what serves first. */
    public List<Long> readable() throws SQLException {
        return reader.current().row().readable();
    }

    /** What serves; while nothing does, the newest generation that has tables. */
    public GenerationLook watched() throws SQLException {
        Known known = reader.current();
        return new GenerationLook(Optional.ofNullable(known.row().watched())
                .flatMap(stores::takeOpened)
                .map(store -> handle(store, Side.NAMED, known)));
    }

    /** How old the data of what serves is, as far as that is known without asking. */
    public DataAge age() {
        return freshness().map(DataAge::of).orElse(DataAge.UNKNOWN);
    }

    /** Of what served when it was last read; empty where that is not known. Costs a request nothing. */
    public Optional<Freshness> freshness() {
        Known last = reader.lastKnown();
        return Optional.ofNullable(last == null ? null : stores.peek(last.row().generation()))
                .map(GenerationStore::freshness);
    }

    private Optional<GenerationHandle> readable(long number, Known known) {
        ServingState row = known.row();
        if (!row.isReadable(number)) {
            return Optional.empty();
        }
        Side side = row.serves(number) ? Side.SERVING : Side.NAMED;
        return stores.takeOpened(number).map(store -> handle(store, side, known));
    }

    private Optional<GenerationHandle> taken(@Nullable Long number, Side side, Known known) {
        return number == null ? Optional.empty() : stores.take(number).map(store -> handle(store, side, known));
    }

    private static GenerationHandle handle(GenerationStore store, Side side, Known known) {
        return new GenerationHandle(store, side, known, System.nanoTime());
    }

    private static ProblemException notReadable(long number, ServingState row) {
        String state = row.states().get(number);
        return new ProblemException(
                HttpStatus.CONFLICT,
                "generation %d cannot be read: %s; it can be from CATCHING_UP until it is RETIRING"
                        .formatted(number, state == null ? "there is none, or it is RETIRED" : "it is " + state),
                Map.of());
    }
}
