package txlookup.api.export;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.generation.GenerationStore;
import txlookup.api.lookup.AnsweredRequests;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.AuditedRequests.SeenEach;
import txlookup.api.lookup.ManyLookups;
import txlookup.api.lookup.PersonalData;
import txlookup.api.openpayment.OpenPair;
import txlookup.api.openpayment.OpenPairsQuery;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.Pairing;
import txlookup.api.query.FoundPayment;
import txlookup.api.query.PaymentQuery;
import txlookup.api.query.StatusGroup;
import txlookup.api.query.WalletRange;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;
import txlookup.api.web.Replies;

/** Lists as CSV. A file is made in memory before it is audited, so few are made at once. */
@Controller
final class ExportController {
    /** Rows of one file. */
    static final int MOST = 100_000;

    private static final int PIECE = 1_000;
    private static final int AT_ONCE = 2;

    private static final List<String> ENTRY = List.of(
            "tx_id",
            "event_time",
            "entry_type",
            "amount",
            "amount_signed",
            "wallet_id",
            "status",
            "status_group",
            "paired_tx_id",
            "pairing_status",
            "data_lag_sec");
    private static final List<String> OPEN_PAIR =
            List.of("order_id", "since", "age_sec", "missing", "tx_id", "wallet_id", "amount", "merchant_name");
    private static final List<String> PAYMENT = List.of(
            "type",
            "id",
            "event_time",
            "amount",
            "status",
            "status_group",
            "user_id",
            "merchant_name",
            "sender_wallet_id",
            "receiver_wallet_id",
            "pairing_status");
    private static final List<String> ONE_OF_MANY = List.of(
            "id",
            "kind",
            "found",
            "event_time",
            "amount",
            "status",
            "status_group",
            "user_id",
            "merchant_name",
            "sender_wallet_id",
            "receiver_wallet_id",
            "paired_tx_id",
            "pairing_status");

    private final AuditedRequests desk;
    private final PersonalData personal;
    private final CursorSigner cursors;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    ExportController(AuditedRequests desk, PersonalData personal, CursorSigner cursors, Clock clock) {
        this.desk = desk;
        this.personal = personal;
        this.cursors = cursors;
        this.clock = clock;
    }

    private interface Filling {
        Csv fill(Caller caller, GenerationStore generation) throws SQLException;
    }

    @GetMapping("/admin/wallets/{wallet_id}/tx.csv")
    void wallet(@PathVariable("wallet_id") String walletId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        QueryParameters.Range times = new QueryParameters(request).range();
        WalletRange range = new WalletRange(walletId, times.from(), times.to());
        export(Subject.WALLET_EXPORT, walletId, request, response, (caller, generation) -> {
            Csv csv = new Csv(ENTRY, MOST);
            Instant now = clock.instant();
            Optional<Cursor> after = Optional.empty();
            List<PairedEntry> piece;
            do {
                piece = generation.lookups().wallet(range, after, PIECE);
                piece.forEach(entry -> entry(csv, entry, now));
                after = piece.isEmpty() ? after : Optional.of(Cursor.after(piece.get(piece.size() - 1)));
            } while (piece.size() == PIECE && !csv.isTruncated());
            return csv;
        });
    }

    private static void entry(Csv csv, PairedEntry entry, Instant now) {
        Pairing pairing = entry.pairing();
        csv.row(
                entry.txId(),
                entry.eventTime(),
                entry.entryType(),
                entry.amount(),
                entry.amountSigned(),
                entry.walletId(),
                pairing.orderStatus(),
                StatusGroup.of(pairing.orderStatus()),
                pairing.pairedTxId(),
                pairing.status(),
                entry.lagSeconds(now));
    }

    @GetMapping("/admin/open-pairs.csv")
    void openPairs(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        OpenPairsQuery query = OpenPairsQuery.of(request, cursors);
        export(Subject.OPEN_PAIRS_EXPORT, Subject.ALL, request, response, (caller, generation) -> {
            Csv csv = new Csv(OPEN_PAIR, MOST);
            for (OpenPair pair : generation.openPairs().all(query, MOST + 1)) {
                csv.row(
                        pair.orderId(),
                        pair.since(),
                        pair.ageSec(),
                        pair.missing(),
                        pair.txId(),
                        pair.walletId(),
                        pair.amount(),
                        personal.of(pair.merchantName(), caller));
            }
            return csv;
        });
    }

    @GetMapping("/admin/search.csv")
    void search(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        export(Subject.SEARCH_EXPORT, PaymentQuery.named(request), request, response, (caller, generation) -> {
            PaymentQuery query = PaymentQuery.of(request);
            Csv csv = new Csv(PAYMENT, MOST);
            for (FoundPayment payment : generation.payments().all(query, MOST + 1)) {
                csv.row(
                        payment.type(),
                        payment.id(),
                        payment.eventTime(),
                        payment.amount(),
                        payment.status(),
                        payment.statusGroup(),
                        personal.of(payment.userId(), caller),
                        personal.of(payment.merchantName(), caller),
                        payment.senderWalletId(),
                        payment.receiverWalletId(),
                        payment.pairingStatus());
            }
            return csv;
        });
    }

    @PostMapping("/admin/lookups.csv")
    void many(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        byte[] body = request.getInputStream().readAllBytes();
        Csv file = held(() -> desk.inquireEach(request, response, (caller, generation) -> {
            List<ManyLookups.One> found = ManyLookups.of(generation, ManyLookups.ids(body));
            Csv csv = new Csv(ONE_OF_MANY, MOST);
            found.forEach(one -> one(csv, one, caller));
            return new SeenEach<>(csv, found.stream().map(ManyLookups.One::each).toList());
        }));
        send(file, response);
    }

    private void one(Csv csv, ManyLookups.One one, Caller caller) {
        PairedEntry entry = one.entry();
        PairedOrder order = one.order();
        if (entry != null) {
            Pairing pairing = entry.pairing();
            csv.row(
                    one.id(),
                    one.kind(),
                    true,
                    entry.eventTime(),
                    entry.amount(),
                    pairing.orderStatus(),
                    StatusGroup.of(pairing.orderStatus()),
                    null,
                    personal.of(pairing.merchantName(), caller),
                    pairing.senderWalletId(),
                    pairing.receiverWalletId(),
                    pairing.pairedTxId(),
                    pairing.status());
        } else if (order != null) {
            csv.row(
                    one.id(),
                    one.kind(),
                    true,
                    order.createdAt(),
                    order.amount(),
                    order.status(),
                    StatusGroup.of(order.status()),
                    personal.of(order.userId(), caller),
                    personal.of(order.merchantName(), caller),
                    null,
                    null,
                    null,
                    order.pairingStatus());
        } else {
            csv.row(one.id(), null, false, null, null, null, null, null, null, null, null, null, null);
        }
    }

    private void export(
            Subject subject, String id, HttpServletRequest request, HttpServletResponse response, Filling filling)
            throws SQLException, IOException {
        Csv file = held(() -> desk.inquire(subject, id, request, response, (caller, generation) -> {
            Csv csv = filling.fill(caller, generation);
            return new Seen<>(csv, 200, csv.rows());
        }));
        send(file, response);
    }

    private interface Work {
        Csv file() throws SQLException;
    }

    private Csv held(Work work) throws SQLException {
        if (!places.tryAcquire()) {
            throw ProblemException.unavailable("as many files as can be are being made", "exports: no place");
        }
        try {
            return work.file();
        } finally {
            places.release();
        }
    }

    private static void send(Csv file, HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment");
        if (file.isTruncated()) {
            response.setHeader(AnsweredRequests.TRUNCATED, String.valueOf(MOST));
        }
        Replies.send(response, 200, Csv.MEDIA_TYPE, file.bytes());
    }
}
