package txlookup.proof.source;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.TableInput;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.SnapshotRow;
import txlookup.proof.compare.StoredVersion;

/**
 * A backfill's source: files, which are what they were when they were written, or the tables of a source database, which
 * are read again where there is a doubt. Its rows are decoded exactly as the backfill decodes them.
 */
public final class InputSide implements DataSet {
    private static final int CHUNK_ROWS = 5_000;
    private static final int KEYS_AT_ONCE = 1_000;

    private final List<Input> inputs;
    private final Supplier<Decoder> decoders;
    private final Instant readUntil;

    /**
     * @param decoders makes a decoder for each thread
     * @param readUntil when the files were written, or now for tables
     */
    public InputSide(List<Input> inputs, Supplier<Decoder> decoders, Instant readUntil) {
        this.inputs = List.copyOf(inputs);
        this.decoders = decoders;
        this.readUntil = readUntil;
    }

    @Override
    public String name() {
        return inputs.stream().map(Input::name).collect(Collectors.joining(", "));
    }

    @Override
    public Set<Entity> entities() {
        return inputs.stream().map(Input::entity).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Instant readUntil() {
        return readUntil;
    }

    @Override
    public boolean isLive() {
        return inputs.stream().allMatch(TableInput.class::isInstance);
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public boolean repeatsKeys() {
        return !isLive(); // nothing keeps a file from it, as its key keeps a table
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) throws IOException, SQLException {
        long refused = 0;
        for (Input input : inputs) {
            if (input.entity() == entity) {
                refused += read(input, snapshot -> rows.accept(SnapshotRow.of(snapshot)));
            }
        }
        return refused;
    }

    private long read(Input input, Consumer<Snapshot> snapshots) throws IOException, SQLException {
        Decoder decoder = decoders.get();
        long refused = 0;
        try (Input.Reader reader = input.open(1, null, readUntil)) {
            for (boolean last = false; !last; ) {
                Chunk chunk = reader.next(CHUNK_ROWS);
                Iterable<Decoded> rows = () -> chunk.decoded(record -> decoder.decode(input.entity(), record))
                        .iterator();
                for (Decoded decoded : rows) {
                    if (decoded instanceof Snapshot snapshot) {
                        snapshots.accept(snapshot);
                    } else {
                        refused++;
                    }
                }
                last = chunk.last();
            }
        }
        return refused;
    }

    @Override
    public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws IOException, SQLException {
        Map<String, StoredVersion> found = new HashMap<>();
        List<String> all = new ArrayList<>(keys);
        for (Input input : inputs) {
            if (input.entity() == entity && input instanceof TableInput table) {
                for (int from = 0; from < all.size(); from += KEYS_AT_ONCE) {
                    List<String> some = all.subList(from, Math.min(from + KEYS_AT_ONCE, all.size()));
                    read(
                            only(table, some),
                            snapshot -> found.merge(snapshot.key(), StoredVersion.of(snapshot), StoredVersion::newer));
                }
            }
        }
        return found;
    }

    /** Compared as text, for a key of the store need not be one that the source's type of key can be. */
    private static TableInput only(TableInput table, List<String> keys) {
        String literals =
                keys.stream().map(key -> "'" + key.replace("'", "''") + "'").collect(Collectors.joining(","));
        String rows = "(SELECT * FROM %s WHERE %s::text = ANY (ARRAY[%s]::text[])) AS wanted"
                .formatted(table.table(), table.key(), literals);
        return new TableInput(table.connections(), rows, table.key(), table.entity());
    }
}
