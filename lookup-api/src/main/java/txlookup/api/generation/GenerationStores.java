package txlookup.api.generation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The generations that this process can read. Each from READY on has its full pool until it is RETIRING, so that a switch
 * opens nothing; one that still catches up is opened when somebody asks for it.
 */
public final class GenerationStores implements AutoCloseable {
    private final Opener opener;
    private final Map<Long, GenerationStore> open = new ConcurrentHashMap<>();
    private final Set<GenerationStore> closing = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Opens one generation; it waits for no connection. */
    @FunctionalInterface
    public interface Opener {
        GenerationStore open(long generation, boolean full);
    }

    public GenerationStores(Opener opener) {
        this.opener = opener;
    }

    /** Opens and closes what the row says. It waits for no connection. */
    public synchronized void follow(ServingState row) {
        row.states().keySet().stream().filter(row::isReady).forEach(this::openFull);
        List.copyOf(open.keySet()).stream()
                .filter(number -> !row.hasTables(number))
                .forEach(this::giveUp);
    }

    /** A handle's worth of the generation; empty when it is not open. */
    Optional<GenerationStore> take(long number) {
        return Optional.ofNullable(open.get(number)).filter(GenerationStore::take);
    }

    /** As {@link #take}, opening it where it is not open. */
    Optional<GenerationStore> takeOpened(long number) {
        GenerationStore store = open.get(number);
        return (store == null ? openSmall(number) : Optional.of(store)).filter(GenerationStore::take);
    }

    /** For a look at it without a handle; null when it is not open. */
    @Nullable
    GenerationStore peek(@Nullable Long number) {
        return number == null ? null : open.get(number);
    }

    /**
     * The generations that could answer at once, in their order, and those whose connections are still closing: nobody is
     * to drop their tables yet.
     */
    List<Long> prepared() {
        closing.removeIf(GenerationStore::isClosed);
        return Stream.concat(open.values().stream().filter(GenerationStore::isPrepared), closing.stream())
                .map(GenerationStore::generation)
                .distinct()
                .sorted()
                .toList();
    }

    /** Tries once more where a connection could not be prepared, but for what serves: its requests want connections. */
    void prepareAgain(ServingState row) {
        open.values().stream().filter(store -> !row.serves(store.generation())).forEach(GenerationStore::prepareAgain);
    }

    private synchronized Optional<GenerationStore> openSmall(long number) {
        return closed
                ? Optional.empty()
                : Optional.of(open.computeIfAbsent(number, generation -> opener.open(generation, false)));
    }

    /** Another pool beside a small one, not that one made larger: the pool looks at its size every half minute only. */
    private void openFull(long number) {
        GenerationStore before = open.get(number);
        if (!closed && (before == null || !before.isFull())) {
            open.put(number, opener.open(number, true));
            if (before != null) {
                before.giveUp();
            }
        }
    }

    private void giveUp(long number) {
        GenerationStore store = open.get(number);
        if (store != null) {
            if (store.isFull()) {
                closing.add(store); // first, so that it is in one or the other all the time
            }
            open.remove(number);
            store.giveUp();
        }
    }

    /** Called when no more requests come. */
    @Override
    public void close() {
        List<GenerationStore> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(open.values());
            last.forEach(store -> giveUp(store.generation()));
        }
        last.forEach(GenerationStore::awaitClosed);
    }
}
