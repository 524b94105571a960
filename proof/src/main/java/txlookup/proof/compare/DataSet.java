package txlookup.proof.compare;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import txlookup.apply.model.Entity;

/** One side of a comparison: something that says what the latest snapshot of each key is. */
public interface DataSet {
    /** For reports; the same for the same data. */
    String name();

    /** What it holds. */
    Set<Entity> entities();

    /** Up to when it can speak: what changed later may be missing here without being missing anywhere. */
    Instant readUntil();

    /** Whether {@link #find} reads it again; otherwise it never changes, and what a scan gave stays true. */
    boolean isLive();

    /** Whether a key that is not in it should not exist. Not so for a log that begins in the middle of a history. */
    boolean isWhole();

    /** Whether a scan may show a key more than once, as a log shows all its versions. */
    default boolean repeatsKeys() {
        return false;
    }

    /** About how many rows of an entity it has; empty where that takes reading them. */
    default OptionalLong rows(Entity entity) throws SQLException {
        return OptionalLong.empty();
    }

    /**
     * Shows every row, from several threads at once for several entities. Where keys are repeated, the newest counts.
     *
     * @param rows is given a row that is valid until it returns
     * @return how many rows could not be decoded, so that nothing can be said about them
     */
    long scan(Entity entity, Consumer<Row> rows) throws IOException, SQLException;

    /** What it holds of some keys now; those that it does not have are left out. */
    Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws IOException, SQLException;
}
