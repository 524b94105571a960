package txlookup.api.health;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.generation.GenerationHandle;
import txlookup.api.generation.Generations;

/** Reads what of all generations that are to follow the stream does not. */
@Component
public final class AllStandstills {
    private final Generations generations;
    private final Duration freshness;
    private final Clock clock;

    AllStandstills(Generations generations, LookupApiSettings settings, Clock clock) {
        this.generations = generations;
        this.freshness = settings.freshness();
        this.clock = clock;
    }

    /** What serves first, then the newest generation; empty while all is well. */
    public List<Standstill> now() throws SQLException {
        List<Standstill> found = new ArrayList<>();
        for (long number : generations.readable()) {
            Optional<GenerationHandle> handle = generations.readable(number);
            if (handle.isPresent()) {
                try (GenerationHandle open = handle.get()) {
                    found.addAll(new Standstills(open.store().connections(), freshness, clock).now());
                }
            }
        }
        return found;
    }
}
