package txlookup.rebuild.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pools of one store: for what is common to generations, and for each generation that is asked for. */
public final class StorePools implements AutoCloseable {
    private final Supplier<HikariDataSource> control;
    private final LongFunction<HikariDataSource> generation;
    private final Map<Long, HikariDataSource> generations = new ConcurrentHashMap<>();
    private @Nullable HikariDataSource opened;

    /** Says how they are opened; nothing is opened before it is asked for. */
    public StorePools(Supplier<HikariDataSource> control, LongFunction<HikariDataSource> generation) {
        this.control = control;
        this.generation = generation;
    }

    public synchronized HikariDataSource control() {
        if (opened == null) {
            opened = control.get();
        }
        return opened;
    }

    public HikariDataSource generation(long number) {
        return generations.computeIfAbsent(number, generation::apply);
    }

    @Override
    public synchronized void close() {
        generations.values().forEach(HikariDataSource::close);
        if (opened != null) {
            opened.close();
        }
    }
}
