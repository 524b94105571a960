package txlookup.fuzz;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Topic;
import txlookup.fuzz.model.DigestFold;
import txlookup.fuzz.model.Place;

/** A store of millions of rows and dead letters, read in chunks and held against a {@link DigestFold}. */
public final class StoredDigests {
    private static final int CHUNK = 1000;

    private static final String PARTITIONS = "SELECT source_id, name, partition FROM coverage";

    private static final String DEAD_LETTERS = """
            SELECT reason, %s, record_key, record_value, record_headers::text, position AS source_position, source_id
            FROM dead_letter""".formatted(StoredRecords.micros("record_time"));

    private record Partition(Topic topic, int number) {}

    private final Connection connection;
    private final Function<Place, FuzzInput> log;
    private final Map<Integer, Partition> partitions = new HashMap<>();

    /**
     * @param topics what each topic of the broker holds
     * @param log reads a record again, for the message
     */
    public StoredDigests(Connection connection, Map<String, Topic> topics, Function<Place, FuzzInput> log)
            throws SQLException {
        this.connection = connection;
        this.log = log;
        connection.setAutoCommit(false); // else a chunk is everything
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PARTITIONS)) {
            while (row.next()) {
                partitions.put(row.getInt(1), new Partition(topics.get(row.getString(2)), row.getInt(3)));
            }
        }
    }

    /** Fails at the first row or dead letter that differs, or is not there. */
    public void compare(DigestFold wanted) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(CHUNK);
            compareRows(statement, StoredRecords.LEDGER_ENTRIES, wanted.rows(Topic.LEDGER));
            compareRows(statement, StoredRecords.PAYMENT_ORDERS, wanted.rows(Topic.ORDERS));
            compareDeadLetters(statement, wanted);
        }
    }

    private Place place(ResultSet row) throws SQLException {
        Partition partition = partitions.get(row.getInt("source_id"));
        return new Place(partition.topic(), partition.number(), row.getLong("source_position"));
    }

    private void compareRows(Statement statement, String sql, Map<String, DigestFold.Winner> winners)
            throws SQLException {
        Set<String> missing = new HashSet<>(winners.keySet());
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<@Nullable String> seen = StoredRecords.columns(row);
                DigestFold.Winner wanted = winners.get(seen.get(0));
                missing.remove(seen.get(0));
                if (wanted == null
                        || DigestFold.digest(seen.toArray()) != wanted.columns()
                        || !wanted.places().contains(place(row))) {
                    throw new AssertionError("stored %s of %s, wanted %s"
                            .formatted(
                                    seen,
                                    shown(place(row)),
                                    wanted == null
                                            ? "no such row"
                                            : shown(wanted.places().get(0))));
                }
            }
        }
        if (!missing.isEmpty()) {
            String key = missing.iterator().next();
            throw new AssertionError("%d rows are not stored, such as that of %s"
                    .formatted(missing.size(), shown(winners.get(key).places().get(0))));
        }
    }

    private String shown(Place place) {
        return place + ": " + Corpus.line(log.apply(place));
    }

    private void compareDeadLetters(Statement statement, DigestFold fold) throws SQLException {
        Map<Topic, Map<Integer, long[]>> missing = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            Map<Integer, long[]> copies = new HashMap<>();
            fold.dead(topic).forEach((partition, digests) -> copies.put(partition, digests.clone()));
            missing.put(topic, copies);
        }
        try (ResultSet row = statement.executeQuery(DEAD_LETTERS)) {
            while (row.next()) {
                Place place = place(row);
                long[] digests = missing.get(place.topic()).getOrDefault(place.partition(), new long[0]);
                if (place.offset() >= digests.length || digests[(int) place.offset()] != digest(row)) {
                    throw new AssertionError("the dead letter %s at %s with headers %s is not wanted of %s"
                            .formatted(row.getString(1), row.getString(2), row.getString(5), shown(place)));
                }
                digests[(int) place.offset()] = DigestFold.NONE;
            }
        }
        missing.forEach(
                (topic, copies) -> copies.forEach((partition, digests) -> requireNone(topic, partition, digests)));
    }

    private static long digest(ResultSet row) throws SQLException {
        String headers = row.getString(5);
        return DigestFold.digest(
                row.getString(1),
                row.getString(2),
                row.getBytes(3),
                row.getBytes(4),
                headers == null ? null : headers.replace(" ", "")); // PostgreSQL puts spaces between members
    }

    private void requireNone(Topic topic, int partition, long[] missing) {
        for (int offset = 0; offset < missing.length; offset++) {
            if (missing[offset] != DigestFold.NONE) {
                throw new AssertionError("no dead letter of " + shown(new Place(topic, partition, offset)));
            }
        }
    }
}
