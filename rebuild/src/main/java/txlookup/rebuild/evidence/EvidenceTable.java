package txlookup.rebuild.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of rebuilds and gates once more, in the store, where the console reads them ({@code bo.evidence}). */
public final class EvidenceTable {
    private static final Logger log = LoggerFactory.getLogger(EvidenceTable.class);

    private static final Set<String> ACTS = Set.of("rebuild", "slo-gate");

    private static final String KNOWN = "SELECT hash FROM bo.evidence";

    private static final String INSERT = """
            INSERT INTO bo.evidence (act, generation, verdict, cause, t_cutover, started_at, ended_at, hash, bundle)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::json)
            ON CONFLICT ON CONSTRAINT evidence_hash DO NOTHING""";

    private final DataSource store;

    /** @param store the connections commit by hand */
    public EvidenceTable(DataSource store) {
        this.store = store;
    }

    /**
     * Copies every bundle of the chain that is not there yet: also those of earlier acts, which could not reach the store
     * or wrote to one that was made anew since. A bundle that was changed after it was written is not copied.
     *
     * @return how many were copied
     */
    public int copy(EvidenceChain chain) throws SQLException, IOException {
        try (Connection connection = store.getConnection()) {
            Set<String> known = known(connection);
            int copied = 0;
            for (EvidenceChain.Listed listed : chain.list()) {
                Bundle bundle = listed.bundle();
                if (!ACTS.contains(bundle.act()) || known.contains(bundle.head())) {
                    continue;
                }
                if (bundle.entries().stream().allMatch(Entry::isIntact)) {
                    copied += insert(connection, bundle);
                } else {
                    log.warn(
                            "The bundle {} was changed and is not copied to the store; see txlookup evidence verify",
                            listed.name());
                }
            }
            connection.commit();
            return copied;
        }
    }

    private static Set<String> known(Connection connection) throws SQLException {
        Set<String> known = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(KNOWN);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                known.add(row.getString(1));
            }
        }
        return known;
    }

    private static int insert(Connection connection, Bundle bundle) throws SQLException {
        Map<String, Object> generation = content(bundle, "generation");
        Object number = generation.get("generation");
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, bundle.act());
            statement.setObject(2, number == null ? null : ((Number) number).longValue(), Types.BIGINT);
            statement.setString(3, bundle.verdict());
            statement.setString(4, text(content(bundle, "decision").get("cause")));
            statement.setObject(5, time(generation.get("cutover")), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(6, time(generation.get("started")), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(7, time(generation.get("ended")), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setString(8, bundle.head());
            statement.setString(9, new String(Entry.write(bundle), UTF_8));
            return statement.executeUpdate();
        }
    }

    private static Map<String, Object> content(Bundle bundle, String kind) {
        return bundle.entries().stream()
                .filter(entry -> entry.kind().equals(kind))
                .map(Entry::content)
                .findFirst()
                .orElse(Map.of());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable OffsetDateTime time(@Nullable Object value) {
        return Optional.ofNullable(value)
                .map(text -> Instant.parse(text.toString()).atOffset(ZoneOffset.UTC))
                .orElse(null);
    }
}
