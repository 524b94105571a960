package txlookup.api.generation;

import java.util.Optional;

/** A look at a generation that no request asked for; empty where there is none to look at. Closing it ends the look. */
public final class GenerationLook implements AutoCloseable {
    private final Optional<GenerationHandle> handle;

    GenerationLook(Optional<GenerationHandle> handle) {
        this.handle = handle;
    }

    /** What is looked at. */
    public Optional<GenerationStore> store() {
        return handle.map(GenerationHandle::store);
    }

    @Override
    public void close() {
        handle.ifPresent(GenerationHandle::close);
    }
}
