package txlookup.api.explain;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.explain.Explanation.Coverage;
import txlookup.api.freshness.Freshness;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.Pairing;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.query.LookupQueries;
import txlookup.api.query.StatusGroup;

/** Puts together why a lookup's answer is what it is. The status is the lookup's own. */
public final class ExplainService {
    private final long generation;
    private final DataSource database;
    private final LookupQueries lookups;
    private final Freshness freshness;

    public ExplainService(long generation, DataSource database, LookupQueries lookups, Freshness freshness) {
        this.generation = generation;
        this.database = database;
        this.lookups = lookups;
        this.freshness = freshness;
    }

    /** @param at when it is said to have happened, if the caller knows */
    public Explanation transaction(String txId, Optional<Instant> at) throws SQLException {
        return transaction(txId, lookups.transaction(txId), at);
    }

    /** Of what the caller has read: both tell of one state of the payment. */
    public Explanation transaction(String txId, Optional<PairedEntry> entry, Optional<Instant> at) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Coverage coverage = coverage(connection);
            if (entry.isEmpty()) {
                return absent("TX", txId, connection, coverage, at);
            }
            String relatedId = entry.get().relatedId();
            List<Provenance> rows = rows(connection, relatedId);
            if (rows.stream().noneMatch(row -> row.holdsEntry() && row.id().equals(txId))) {
                rows.addAll(0, Provenances.of(generation, connection, Provenances.ONE_ENTRY, txId));
            }
            PairingStatus status = entry.get().pairing().status();
            DeadLetterSearch.Search dead = status == PairingStatus.COMPLETE || relatedId == null
                    ? new DeadLetterSearch.Search(List.of(), true)
                    : DeadLetterSearch.naming(generation, connection, relatedId);
            AnswerReason why = AnswerReason.paired(status, entry.get(), dead, coverage);
            return new Explanation(
                    "TX",
                    txId,
                    true,
                    status,
                    why.reason(),
                    why.explanation(),
                    statusReason(entry.get()),
                    Anomalies.of(rows),
                    dead.found(),
                    dead.allSearched(),
                    rows,
                    coverage);
        }
    }

    /** @param at when it is said to have happened, if the caller knows */
    public Explanation paymentOrder(String orderId, Optional<Instant> at) throws SQLException {
        return paymentOrder(orderId, lookups.paymentOrder(orderId), at);
    }

    /** Of what the caller has read: both tell of one state of the payment. */
    public Explanation paymentOrder(String orderId, Optional<PairedOrder> order, Optional<Instant> at)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            Coverage coverage = coverage(connection);
            if (order.isEmpty()) {
                return absent("PAYMENT_ORDER", orderId, connection, coverage, at);
            }
            List<Provenance> rows = rows(connection, orderId);
            PairingStatus status = order.get().pairingStatus();
            DeadLetterSearch.Search dead = status == PairingStatus.COMPLETE
                    ? new DeadLetterSearch.Search(List.of(), true)
                    : DeadLetterSearch.naming(generation, connection, orderId);
            AnswerReason why = AnswerReason.paired(order.get(), dead, coverage);
            return new Explanation(
                    "PAYMENT_ORDER",
                    orderId,
                    true,
                    status,
                    why.reason(),
                    why.explanation(),
                    StatusGroup.of(order.get().status()) == StatusGroup.UNKNOWN ? "STATUS_NOT_KNOWN" : null,
                    Anomalies.of(rows),
                    dead.found(),
                    dead.allSearched(),
                    rows,
                    coverage);
        }
    }

    private Explanation absent(String type, String id, Connection connection, Coverage coverage, Optional<Instant> at)
            throws SQLException {
        DeadLetterSearch.Search dead = DeadLetterSearch.naming(generation, connection, id);
        // An order that is not there may have entries all the same.
        List<Provenance> rows = type.equals("TX") ? List.of() : rows(connection, id);
        AnswerReason why = AnswerReason.absent(dead, coverage, at);
        return new Explanation(
                type,
                id,
                false,
                null,
                why.reason(),
                why.explanation(),
                null,
                Anomalies.of(rows),
                dead.found(),
                dead.allSearched(),
                rows,
                coverage);
    }

    private List<Provenance> rows(Connection connection, @Nullable String relatedId) throws SQLException {
        List<Provenance> rows = new ArrayList<>();
        if (relatedId != null) {
            rows.addAll(Provenances.of(generation, connection, Provenances.ENTRIES_OF_ONE_PAYMENT, relatedId));
            rows.addAll(Provenances.of(generation, connection, Provenances.ONE_ORDER, relatedId));
        }
        return rows;
    }

    private Coverage coverage(Connection connection) throws SQLException {
        return Provenances.coverage(generation, connection, freshness.asOf(), freshness.isStale());
    }

    private static @Nullable String statusReason(PairedEntry entry) {
        Pairing pairing = entry.pairing();
        return AnswerReason.statusReason(pairing.orderStatus(), pairing);
    }
}
