package txlookup.api.generation;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.explain.ExplainService;
import txlookup.api.freshness.DataAge;
import txlookup.api.freshness.Freshness;
import txlookup.api.freshness.WatermarkReader;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.query.LookupQueries;
import txlookup.api.query.PaymentSearch;
import txlookup.api.search.Search;
import txlookup.api.store.LookupConnections;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.CursorSigner;

/**
 * One generation as this process reads it: its connections, and what is kept in memory of it. Whoever reads holds a
 * handle; once the generation is given up, the last handle that is returned closes it.
 */
public final class GenerationStore {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationStore.class);
    private static final int FEW = 2;

    private final long generation;
    private final int poolSize;
    private final boolean full;
    private final HikariDataSource connections;
    private final HikariDataSource orders;
    private final Freshness freshness;
    private final WatermarkReader watermark;
    private final Optional<LookupReplica> replica;
    private final LookupQueries lookups;
    private final OpenPairs openPairs;
    private final ExplainService explainer;
    private final Search search;
    private final PaymentSearch payments;
    private final QueryService inquiries;
    private volatile boolean unprepared;
    private boolean prepared;
    private boolean givenUp;
    private int handles;
    private @Nullable Thread closing;

    /** @param full whether it keeps all its connections open from now on */
    public GenerationStore(
            long generation,
            boolean full,
            LookupApiSettings settings,
            MetricsTrackerFactory meters,
            CursorSigner cursors,
            Clock clock) {
        LookupApiSettings.Database database = settings.database();
        this.generation = generation;
        this.full = full;
        this.poolSize = full ? database.poolSize() : Math.min(FEW, database.poolSize());
        this.connections = LookupConnections.forLookups(
                generation, database, new LookupConnections.Size(full ? poolSize : 0, poolSize), this::prepare, meters);
        this.orders = LookupConnections.forOrders(generation, database);
        this.freshness = new Freshness(settings.freshness(), clock);
        this.watermark = new WatermarkReader(connections, freshness);
        this.replica = full && database.readUrl().isPresent()
                ? Optional.of(new LookupReplica(generation, settings, freshness, clock))
                : Optional.empty();
        this.lookups = new LookupQueries(connections, database.longestLookup());
        this.openPairs = new OpenPairs(connections, clock);
        this.explainer = new ExplainService(generation, connections, lookups, freshness);
        this.search = new Search(connections);
        this.payments = new PaymentSearch(connections, lookups);
        this.inquiries = new QueryService(lookups, explainer, search, payments, openPairs, freshness, cursors);
    }

    /** Its number. */
    public long generation() {
        return generation;
    }

    /** Connections that may only read, in autocommit. */
    public DataSource connections() {
        return connections;
    }

    /** Connections for orders about its dead letters. */
    public DataSource orders() {
        return orders;
    }

    /** What the console asks. */
    public QueryService inquiries() {
        return inquiries;
    }

    /** How old its data is. */
    public DataAge age() {
        return DataAge.of(freshness);
    }

    public LookupQueries lookups() {
        return lookups;
    }

    public OpenPairs openPairs() {
        return openPairs;
    }

    public ExplainService explainer() {
        return explainer;
    }

    public Search search() {
        return search;
    }

    public PaymentSearch payments() {
        return payments;
    }

    public Freshness freshness() {
        return freshness;
    }

    /** The replica while lookups may be read from it. */
    Optional<LookupReplica> fitReplica() {
        return replica.filter(LookupReplica::isFit);
    }

    boolean isFull() {
        return full;
    }

    /** Whether all its connections were open and each had run every lookup. */
    synchronized boolean isPrepared() {
        prepared = full && !unprepared && (prepared || openConnections() >= poolSize);
        return prepared;
    }

    int openConnections() {
        return connections.getHikariPoolMXBean().getTotalConnections();
    }

    HikariDataSource pool() {
        return connections;
    }

    /** Tries once more to prepare those connections that could not be. */
    void prepareAgain() {
        if (unprepared) {
            unprepared = false;
            connections.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Counts a reader in; false once the generation is closed. */
    synchronized boolean take() {
        if (givenUp && handles == 0) {
            return false;
        }
        handles++;
        return true;
    }

    synchronized void giveBack() {
        handles--;
        closeIfUnused();
    }

    /** Closes it once nobody reads it any more. */
    synchronized void giveUp() {
        if (!givenUp) {
            givenUp = true;
            closeIfUnused();
        }
    }

    boolean isClosed() {
        return connections.isClosed()
                && orders.isClosed()
                && replica.map(LookupReplica::isClosed).orElse(true);
    }

    /** Waits until its connections are closed, once it was given up and nobody reads it. */
    void awaitClosed() {
        Thread awaited;
        synchronized (this) {
            awaited = closing;
        }
        if (awaited != null) {
            try {
                awaited.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the process ends, and its connections with it
            }
        }
    }

    private void closeIfUnused() {
        if (givenUp && handles == 0) {
            watermark.close();
            // It may wait for connections that are in use beside the requests, the watermark's for instance.
            closing = OwnThreads.of("close-" + generation, this::closeConnections);
            closing.start();
        }
    }

    private void closeConnections() {
        connections.close();
        orders.close();
        replica.ifPresent(LookupReplica::close);
        LOG.info("The connections to generation {} are closed", generation);
    }

    /** A connection that cannot be prepared works all the same; it is only not counted as ready. */
    private void prepare(Connection connection) {
        try {
            LookupQueries.prepare(connection);
        } catch (SQLException e) {
            unprepared = true;
            LOG.warn("A connection to generation {} could not run each lookup: {}", generation, e.toString());
        }
    }
}
