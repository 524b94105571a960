package txlookup.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.apply.store.pairing.OpenPayments;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.SequentialLookups;
import txlookup.bench.load.StoredPayments;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/** The lists on a big store: open payments, pages of one big wallet, and the search by the beginning of an id. */
final class ListsBench {
    private static final String USAGE = """
            Usage: bench/lists [--entries N] [--requests N]
            Default: 5,000,000 entries, a fifth of them one wallet's, one payment in 100 open; 300 requests of each kind.
            Last line: one JSON object, in milliseconds.""";

    private static final Instant BEGINNING = Instant.parse("2026-11-01T00:00:00Z");

    // One in a hundred payments has no RECEIVE entry yet.
    private static final String ONE_WALLET_AND_OPEN_PAYMENTS = """
            UPDATE ledger_entry SET wallet_id = 'wallet-big' WHERE digest % 5 = 0;
            DELETE FROM ledger_entry WHERE digest % 2 = 1 AND digest / 2 % 100 = 0;
            VACUUM ANALYZE ledger_entry""";

    private ListsBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        long payments = Options.number(options, "--entries", 5_000_000) / 2;
        long requests = Options.number(options, "--requests", 300);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "lists", "beside", 1, "256m")) {
            figures.addMillis("open_list_made_ms", fill(consumer.url(), payments));
            System.out.printf("%,d entries%n", 2 * payments);
            try (ApiProcess api = ApiProcess.start(servers, consumer.url())) {
                measure(figures, api.port(), requests, payments);
            }
        }
        figures.put("entries", 2 * payments);
        figures.print();
        System.exit(0);
    }

    private static void measure(Metrics figures, int port, long requests, long payments) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            SequentialLookups.ask(
                    figures, "open_pairs_", connection, requests, n -> "/admin/open-pairs?older_than=PT0S&limit=100");
            SequentialLookups.ask(
                    figures,
                    "open_newest_",
                    connection,
                    requests,
                    n -> "/admin/open-pairs?older_than=PT0S&order=newest");
            SequentialLookups.ask(figures, "open_ages_", connection, requests, n -> "/admin/open-pairs/ages");
            SequentialLookups.ask(figures, "wallet_", connection, requests, n -> bigWallet(n, payments));
            SequentialLookups.ask(
                    figures, "search_tx_", connection, requests, n -> "/admin/search?q=tx-" + n * 7919 % 50_000);
            SequentialLookups.ask(
                    figures,
                    "search_user_",
                    connection,
                    requests,
                    n -> "/admin/search?user_id=user-" + n * 31 % 10_000);
            SequentialLookups.ask(
                    figures,
                    "search_merchant_",
                    connection,
                    requests,
                    n -> "/admin/search?merchant_name=Merchant+" + n % 100);
            SequentialLookups.ask(
                    figures,
                    "search_status_",
                    connection,
                    requests,
                    n -> "/admin/search?merchant_name=M&status_group=FAIL");
            SequentialLookups.ask(
                    figures, "search_wallet_", connection, requests, n -> "/admin/search?q=wallet-" + n * 31 % 5_000);
        }
    }

    /** How long making the list of open payments takes, as at the end of a load. */
    private static double fill(String url, long payments) throws SQLException {
        StoredPayments.fill(url, payments);
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            for (String one : ONE_WALLET_AND_OPEN_PAYMENTS.split(";", -1)) {
                statement.execute(one);
            }
            long began = System.nanoTime();
            OpenPayments.fill(connection);
            double millis = (System.nanoTime() - began) / 1e6;
            statement.execute("CHECKPOINT");
            return millis;
        }
    }

    /** A page that begins anywhere in the wallet's time. */
    private static String bigWallet(long n, long payments) {
        return "/admin/wallets/wallet-big/tx?limit=100&to=" + BEGINNING.plusMillis(n * 104_729 % (2 * payments));
    }
}
