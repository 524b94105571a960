package txlookup.rebuild;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.store.generation.Generation;
import txlookup.backfill.source.Input;
import txlookup.rebuild.platform.Platform;

/** A platform whose first two steps do what a test says, and that has no store. */
public class FakePlatform implements Platform {
    Act create = () -> "created";
    Act secrets = () -> "injected";
    int rejected;

    /** What a step does instead of its work. */
    interface Act {
        String run() throws Exception;
    }

    @Override
    public String create() throws Exception {
        return create.run();
    }

    @Override
    public String injectSecrets() throws Exception {
        return secrets.run();
    }

    @Override
    public void reject() {
        rejected++;
    }

    @Override
    public HikariDataSource control() {
        throw new IllegalStateException("no store here");
    }

    @Override
    public HikariDataSource store(long generation) {
        throw new IllegalStateException("no store here");
    }

    @Override
    public Map<String, Object> brokerSettings() {
        throw notReached();
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) {
        throw notReached();
    }

    @Override
    public List<Input> extract(Instant cutover) {
        throw notReached();
    }

    @Override
    public String startConsumers(Generation generation) {
        throw notReached();
    }

    @Override
    public void requireConsumers(Generation generation) {
        throw notReached();
    }

    @Override
    public URI startApi() {
        throw notReached();
    }

    @Override
    public Map<String, URI> metrics(Generation generation) {
        throw notReached();
    }

    @Override
    public List<Gate> gates() {
        throw notReached();
    }

    private static AssertionError notReached() {
        return new AssertionError("without a store no step after the third is reached");
    }
}
