package txlookup.profiles.settings;

import java.util.Objects;
import java.util.Optional;

/** Where a backfill's rows come from. */
public sealed interface BackfillSource {

    /**
     * Files of one JSON object a line, or of CSV with a first line that names the fields; plain, {@code .gz} or
     * {@code .zst}.
     *
     * @param ledgerEntries the ledger entries' file, a folder of such files, the https address of either in a container of
     *     blobs, or {@code -} for standard input; no default
     * @param paymentOrders the same for the payment orders; no default
     */
    record Ndjson(Optional<String> ledgerEntries, Optional<String> paymentOrders) implements BackfillSource {

        public Ndjson {
            Objects.requireNonNull(ledgerEntries, "ledgerEntries");
            Objects.requireNonNull(paymentOrders, "paymentOrders");
        }
    }

    /**
     * The source's own database: PostgreSQL's tables, or queries to any whose JDBC driver is on the class path.
     *
     * @param url JDBC URL, without user and password; no default
     * @param user role to log in as; no default
     * @param passwordVariable name of the secret that holds the password; without it none is sent
     * @param schema schema of the tables; default {@code public}
     * @param ledgerTable table of the ledger entries; default {@code transaction_ledger}
     * @param paymentOrderTable table of the payment orders; default {@code payment_orders}
     * @param ledgerQuery a SELECT that is read instead of {@code ledgerTable}, its columns named as the contract's fields;
     *     without it the table is read, by PostgreSQL's COPY
     * @param paymentOrderQuery the same instead of {@code paymentOrderTable}
     * @param fetchSize rows fetched in one round trip; default 5000
     */
    record Jdbc(
            String url,
            String user,
            Optional<String> passwordVariable,
            String schema,
            String ledgerTable,
            String paymentOrderTable,
            Optional<String> ledgerQuery,
            Optional<String> paymentOrderQuery,
            int fetchSize)
            implements BackfillSource {

        public Jdbc {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(passwordVariable, "passwordVariable");
            Objects.requireNonNull(schema, "schema");
            Objects.requireNonNull(ledgerTable, "ledgerTable");
            Objects.requireNonNull(paymentOrderTable, "paymentOrderTable");
            Objects.requireNonNull(ledgerQuery, "ledgerQuery");
            Objects.requireNonNull(paymentOrderQuery, "paymentOrderQuery");
        }
    }
}
