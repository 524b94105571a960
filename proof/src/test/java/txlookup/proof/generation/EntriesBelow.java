package txlookup.proof.generation;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.SnapshotRow;
import txlookup.proof.compare.StoredVersion;

/** A file of entries. */
record EntriesBelow(long number, Instant readUntil) implements DataSet {
    /** A file that is not there any more. */
    static final long GONE = 0;

    @Override
    public String name() {
        return "entries.ndjson";
    }

    @Override
    public Set<Entity> entities() {
        return Set.of(Entity.LEDGER_ENTRY);
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) throws IOException {
        if (number == GONE) {
            throw new NoSuchFileException("entries.ndjson");
        }
        for (long n = 1; n < number; n++) {
            rows.accept(SnapshotRow.of(new LedgerEntry(
                    "tx-" + n,
                    "wallet",
                    "PAYMENT",
                    BigDecimal.ONE,
                    null,
                    null,
                    null,
                    readUntil,
                    readUntil,
                    null,
                    n,
                    new Origin(n, readUntil, n))));
        }
        return 0;
    }

    @Override
    public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) {
        throw new UnsupportedOperationException("a file is read from its beginning");
    }
}
