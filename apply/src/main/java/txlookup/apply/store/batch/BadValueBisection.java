package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.sql.SqlErrors;

/**
 * Writes what the store refused as a whole in halves, and these in halves, each under a savepoint, until a record that it
 * refuses is alone and becomes a dead letter: k bad ones among n cost about k log n tries.
 *
 * <p>Parts are written one after the other, so locks are not taken in the one order in which whole batches take them. To
 * find what is refused, each part is therefore taken back at once, which gives its locks back, and the rest is written as
 * a whole again. Only a batch that as a whole takes longer than a statement may keeps its parts; it then hardly waits for
 * locks, so that the server practically never finds it waiting crosswise with another batch.
 */
public final class BadValueBisection {
    /** Set in a transaction that keeps its parts. */
    static final String GIVE_WAY_SOON = "SET LOCAL lock_timeout = '10ms'";

    /** Writes snapshots, of which each key's newest has to win. */
    public interface Writer {
        StagingMerge.Merged write(List<Snapshot> part) throws SQLException;
    }

    private final Connection connection;
    private final LongFunction<SourceRecord> records;
    private final Writer writer;
    private final boolean keeps;
    private final List<Decoded> settled = new ArrayList<>();
    private StagingMerge.Merged merged = StagingMerge.Merged.NOTHING;

    /**
     * @param records gives a record by its position, for the dead letters found here
     * @param keeps whether parts that could be written stay written
     */
    public BadValueBisection(Connection connection, LongFunction<SourceRecord> records, boolean keeps, Writer writer) {
        this.connection = connection;
        this.keeps = keeps;
        this.records = records;
        this.writer = writer;
    }

    /** Writes the snapshots among what was decoded. */
    public void write(Iterable<? extends Decoded> decoded) throws SQLException {
        List<Snapshot> snapshots = new ArrayList<>();
        for (Decoded one : decoded) {
            if (one instanceof Snapshot snapshot) {
                snapshots.add(snapshot);
            } else {
                settled.add(one);
            }
        }
        if (snapshots.size() == 1) {
            tried(snapshots);
        } else {
            writeHalves(snapshots);
        }
    }

    private void writeHalves(List<Snapshot> snapshots) throws SQLException {
        int middle = snapshots.size() / 2;
        tried(snapshots.subList(0, middle));
        tried(snapshots.subList(middle, snapshots.size()));
    }

    private void tried(List<Snapshot> part) throws SQLException {
        if (part.isEmpty()) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            merged = merged.plus(written(part, before));
            settled.addAll(part);
        } catch (SQLException e) {
            boolean alone = part.size() == 1;
            if (!(alone ? SqlErrors.isData(e) : SqlErrors.isOfItsSize(e))) {
                throw e;
            }
            connection.rollback(before);
            if (alone) {
                settled.add(refused(part.get(0), e));
            } else {
                writeHalves(part);
            }
        }
        connection.releaseSavepoint(before);
    }

    private StagingMerge.Merged written(List<Snapshot> part, Savepoint before) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                StagingMerge.Merged written = writer.write(part);
                if (!keeps) {
                    connection.rollback(before);
                }
                return written;
            } catch (SQLException e) {
                if (tries == BatchTransaction.MOST_TRIES || !RowWriter.isOvertaken(e)) {
                    throw e;
                }
                connection.rollback(before);
            }
        }
    }

    private DeadLetter refused(Snapshot snapshot, SQLException e) {
        String said = e.getMessage().lines().findFirst().orElse("SQLSTATE " + e.getSQLState());
        return new DeadLetter(
                records.apply(snapshot.origin().position()),
                Reason.VALUE_OUT_OF_RANGE,
                "PostgreSQL refused it: " + said);
    }

    /** What was decoded, with a dead letter in place of each snapshot that was refused. */
    public List<Decoded> settled() {
        return settled;
    }

    public StagingMerge.Merged merged() {
        return merged;
    }
}
