package txlookup.api.generation;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import txlookup.api.explain.ExplainService;
import txlookup.api.explain.Explanation;
import txlookup.api.freshness.Freshness;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.openpayment.OpenPairsQuery;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.query.LookupQueries;
import txlookup.api.query.PaymentQuery;
import txlookup.api.query.PaymentSearch;
import txlookup.api.query.WalletRange;
import txlookup.api.query.WalletTotal;
import txlookup.api.search.Search;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/** All that can be asked of the store, as the JSON endpoints ask it: the console shows the same answers. */
public final class QueryService {
    private static final int PAGE = 50;
    private static final int PIECE = 250;

    private final LookupQueries lookups;
    private final ExplainService explainer;
    private final Search search;
    private final PaymentSearch payments;
    private final OpenPairs openPairs;
    private final Freshness freshness;
    private final CursorSigner cursors;

    public QueryService(
            LookupQueries lookups,
            ExplainService explainer,
            Search search,
            PaymentSearch payments,
            OpenPairs openPairs,
            Freshness freshness,
            CursorSigner cursors) {
        this.lookups = lookups;
        this.explainer = explainer;
        this.search = search;
        this.payments = payments;
        this.openPairs = openPairs;
        this.freshness = freshness;
        this.cursors = cursors;
    }

    /** Entries of a wallet, newest first; {@code nextCursor} is null on the last page. */
    public record WalletPage(
            List<PairedEntry> entries, @Nullable String nextCursor) {}

    /** One ledger entry with what pairs it. */
    public Optional<PairedEntry> transaction(String txId) throws SQLException {
        return lookups.transaction(txId);
    }

    /** One payment order with the entries that name it. */
    public Optional<PairedOrder> paymentOrder(String orderId) throws SQLException {
        return lookups.paymentOrder(orderId);
    }

    /** Why a ledger entry's lookup answers what it does, also where it finds nothing. */
    public Explanation explainTransaction(String txId) throws SQLException {
        return explainer.transaction(txId, Optional.empty());
    }

    /** Why the lookup of an entry that was read answers what it does. */
    public Explanation explain(String txId, Optional<PairedEntry> entry) throws SQLException {
        return explainer.transaction(txId, entry, Optional.empty());
    }

    /** Why the lookup of an order that was read answers what it does. */
    public Explanation explainOrder(String orderId, Optional<PairedOrder> order) throws SQLException {
        return explainer.paymentOrder(orderId, order, Optional.empty());
    }

    /**
     * A page of a wallet's entries that fit; of very many that do not, it may hold few and have a next one.
     *
     * @throws ProblemException 400 for a cursor of another list
     */
    public WalletPage wallet(WalletRange range, Predicate<PairedEntry> filter, Optional<String> cursor)
            throws SQLException {
        Optional<Cursor> after = cursor(cursor, range.scope());
        List<PairedEntry> page = new ArrayList<>();
        for (int examined = 0; examined < PaymentSearch.MOST_EXAMINED; examined += PIECE) {
            List<PairedEntry> entries = lookups.wallet(range, after, PIECE);
            for (PairedEntry entry : entries) {
                if (filter.test(entry)) {
                    if (page.size() == PAGE) {
                        return new WalletPage(page, cursors.sign(Cursor.after(page.get(PAGE - 1)), range.scope()));
                    }
                    page.add(entry);
                }
            }
            if (entries.size() < PIECE) {
                return new WalletPage(page, null);
            }
            after = Optional.of(Cursor.after(entries.get(PIECE - 1)));
        }
        return new WalletPage(page, cursors.sign(after.orElseThrow(), range.scope()));
    }

    /** What a wallet's newest entries of a time range come to, by type. */
    public List<WalletTotal> totals(WalletRange range) throws SQLException {
        return lookups.totals(range);
    }

    /**
     * Ids that begin with the text.
     *
     * @param ofTheAudit whether correlation ids are among them
     * @throws ProblemException 400 for a text that no id can begin with
     */
    public Search.Results search(String text, boolean ofTheAudit) throws SQLException {
        if (text.codePoints().allMatch(point -> point == Character.MAX_CODE_POINT)) {
            throw ProblemException.badParameter("q", "wanted an id or its beginning, saw none");
        }
        return search.find(text, ofTheAudit);
    }

    /**
     * Payments of which one side is here.
     *
     * @throws ProblemException 400 for a cursor of another list
     */
    public OpenPairs.Page openPairs(QueryParameters parameters, Duration olderThan) throws SQLException {
        return openPairs.page(OpenPairsQuery.of(parameters, olderThan, PAGE, cursors), cursors);
    }

    /** How many payments are open, by age. */
    public OpenPairs.Ages openPairAges() throws SQLException {
        return openPairs.ages();
    }

    /**
     * Payments by what a customer knows of them.
     *
     * @throws ProblemException 400 for a search that no index serves
     */
    public PaymentSearch.Page payments(QueryParameters parameters) throws SQLException {
        return payments.find(PaymentQuery.of(parameters, PAGE), cursors);
    }

    /** Everything published up to then can be looked up; absent where it is not known. */
    public Optional<Instant> dataAsOf() {
        return freshness.asOf();
    }

    /** Whether the data is known to be behind by more than {@link #freshnessObjective()}. */
    public boolean isStale() {
        return freshness.isStale();
    }

    /** Data older than this is stale. */
    public Duration freshnessObjective() {
        return freshness.slo();
    }

    private Optional<Cursor> cursor(Optional<String> text, List<String> scope) {
        return text.map(given -> cursors.verify(given, scope)
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this list; start again without it")));
    }
}
