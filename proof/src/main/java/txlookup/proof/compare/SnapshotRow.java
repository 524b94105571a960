package txlookup.proof.compare;

import java.time.Instant;
import txlookup.apply.model.Snapshot;

/** A decoded snapshot as a row of a scan. */
public record SnapshotRow(StoredVersion held) implements Row {
    /** A snapshot as a source gives it. */
    public static SnapshotRow of(Snapshot snapshot) {
        return new SnapshotRow(StoredVersion.of(snapshot));
    }

    @Override
    public long keyHash() {
        return KeyHash.of(held.snapshot().key());
    }

    @Override
    public long digest() {
        return held.snapshot().origin().digest();
    }

    @Override
    public long orderMicros() {
        Instant time = held.orderTime();
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
    }

    @Override
    public boolean isIntact() {
        return true;
    }
}
