package txlookup.proof;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import txlookup.apply.model.Entity;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.StoredVersion;

/** Another side, with how often it was read. */
public final class CountedScans implements DataSet {
    private final DataSet side;
    private final boolean repeatsKeys;
    private final AtomicInteger scans = new AtomicInteger();

    /** @param repeatsKeys what it says of itself, be it true or not */
    public CountedScans(DataSet side, boolean repeatsKeys) {
        this.side = side;
        this.repeatsKeys = repeatsKeys;
    }

    public int scans() {
        return scans.get();
    }

    @Override
    public String name() {
        return side.name();
    }

    @Override
    public Set<Entity> entities() {
        return side.entities();
    }

    @Override
    public Instant readUntil() {
        return side.readUntil();
    }

    @Override
    public boolean isLive() {
        return side.isLive();
    }

    @Override
    public boolean isWhole() {
        return side.isWhole();
    }

    @Override
    public boolean repeatsKeys() {
        return repeatsKeys;
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) throws IOException, SQLException {
        scans.incrementAndGet();
        return side.scan(entity, rows);
    }

    @Override
    public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws IOException, SQLException {
        return side.find(entity, keys);
    }
}
