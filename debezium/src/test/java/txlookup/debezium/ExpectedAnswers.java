package txlookup.debezium;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the lookup API has to answer, worked out from the source's rows by the words of docs/contract.md (Pairing,
 * Lookup API) and by none of the product's code; {@code data_lag_sec} is left out.
 */
final class ExpectedAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PAYMENT_ORDER = "PAYMENT_ORDER";
    private static final Comparator<LedgerRow> LATEST_FIRST =
            Comparator.comparing(LedgerRow::eventTime).reversed().thenComparing(LedgerRow::txId);
    private static final Map<String, List<String>> STATUS_GROUPS = Map.of(
            "SUCCESS", List.of("SETTLED", "COMPLETED", "SUCCESS", "SUCCEEDED", "PAID"),
            "FAIL", List.of("FAILED", "CANCELLED", "CANCELED", "REJECTED", "DECLINED"),
            "IN_PROGRESS", List.of("CREATED", "PENDING", "PROCESSING", "AUTHORIZED"));

    private final List<LedgerRow> entries;
    private final Map<String, OrderRow> orders;
    private final Map<String, List<LedgerRow>> entriesByRelatedId;

    ExpectedAnswers(List<LedgerRow> entries, List<OrderRow> orders) {
        this.entries = List.copyOf(entries);
        this.orders = orders.stream().collect(Collectors.toMap(OrderRow::orderId, Function.identity()));
        this.entriesByRelatedId = entries.stream()
                .filter(entry -> entry.relatedId() != null)
                .collect(Collectors.groupingBy(LedgerRow::relatedId));
    }

    /** The body of {@code GET /admin/tx/{tx_id}}. */
    ObjectNode transaction(LedgerRow entry) {
        Optional<OrderRow> order = orderOf(entry);
        ObjectNode body = JSON.createObjectNode()
                .put("tx_id", entry.txId())
                .put("event_time", time(entry.eventTime()))
                .put("entry_type", entry.entryType())
                .put("amount", entry.amount())
                .put("amount_signed", entry.amountSigned())
                .put("status", order.map(OrderRow::status).orElse(null))
                .put("status_group", statusGroup(order))
                .put("sender_wallet_id", wallet(entry, "PAYMENT"))
                .put("receiver_wallet_id", wallet(entry, "RECEIVE"));
        if (entry.relatedId() == null) {
            body.putNull("related");
        } else {
            body.putObject("related").put("related_id", entry.relatedId()).put("related_type", relatedType(entry));
        }
        return body.put("paired_tx_id", pairedTxId(entry))
                .put("merchant_name", order.map(OrderRow::merchantName).orElse(null))
                .put("pairing_status", pairingStatus(entry));
    }

    /** The body of {@code GET /admin/payment-orders/{order_id}}. */
    ObjectNode paymentOrder(OrderRow order) {
        List<LedgerRow> entries = entriesByRelatedId.getOrDefault(order.orderId(), List.of()).stream()
                .sorted(LATEST_FIRST)
                .toList();
        ObjectNode body = JSON.createObjectNode();
        body.putObject("order")
                .put("order_id", order.orderId())
                .put("user_id", order.userId())
                .put("merchant_name", order.merchantName())
                .put("amount", order.amount())
                .put("status", order.status())
                .put("status_group", statusGroup(Optional.of(order)))
                .put("created_at", time(order.createdAt()));
        ArrayNode items = body.putArray("ledger_entries");
        entries.forEach(entry -> items.add(item(entry)));
        boolean bothSides = side(order.orderId(), "PAYMENT").isPresent()
                && side(order.orderId(), "RECEIVE").isPresent();
        return body.put("pairing_status", entries.isEmpty() ? "UNKNOWN" : bothSides ? "COMPLETE" : "INCOMPLETE");
    }

    /** All entries of all pages of {@code GET /admin/wallets/{wallet_id}/tx}, for each wallet. */
    Map<String, List<ObjectNode>> wallets() {
        return entries.stream()
                .sorted(LATEST_FIRST)
                .collect(Collectors.groupingBy(
                        LedgerRow::walletId, Collectors.mapping(this::item, Collectors.toList())));
    }

    private ObjectNode item(LedgerRow entry) {
        Optional<OrderRow> order = orderOf(entry);
        return JSON.createObjectNode()
                .put("tx_id", entry.txId())
                .put("event_time", time(entry.eventTime()))
                .put("entry_type", entry.entryType())
                .put("amount", entry.amount())
                .put("amount_signed", entry.amountSigned())
                .put("wallet_id", entry.walletId())
                .put("status", order.map(OrderRow::status).orElse(null))
                .put("status_group", statusGroup(order))
                .put("paired_tx_id", pairedTxId(entry))
                .put("pairing_status", pairingStatus(entry));
    }

    private String relatedType(LedgerRow entry) {
        if (entry.relatedType() != null) {
            return entry.relatedType();
        }
        return orders.containsKey(entry.relatedId()) ? PAYMENT_ORDER : "UNKNOWN";
    }

    private boolean pairs(LedgerRow entry) {
        return entry.relatedId() != null && relatedType(entry).equals(PAYMENT_ORDER);
    }

    private Optional<OrderRow> orderOf(LedgerRow entry) {
        return pairs(entry) ? Optional.ofNullable(orders.get(entry.relatedId())) : Optional.empty();
    }

    private Optional<LedgerRow> side(String relatedId, String entryType) {
        return entriesByRelatedId.getOrDefault(relatedId, List.of()).stream()
                .filter(entry -> entry.entryType().equals(entryType) && pairs(entry))
                .min(LATEST_FIRST);
    }

    private Optional<LedgerRow> sideOf(LedgerRow entry, String entryType) {
        if (entry.entryType().equals(entryType)) {
            return Optional.of(entry);
        }
        return pairs(entry) ? side(entry.relatedId(), entryType) : Optional.empty();
    }

    private @Nullable String wallet(LedgerRow entry, String entryType) {
        return sideOf(entry, entryType).map(LedgerRow::walletId).orElse(null);
    }

    private @Nullable String pairedTxId(LedgerRow entry) {
        String opposite =
                switch (entry.entryType()) {
                    case "PAYMENT" -> "RECEIVE";
                    case "RECEIVE" -> "PAYMENT";
                    default -> null;
                };
        return opposite == null
                ? null
                : sideOf(entry, opposite).map(LedgerRow::txId).orElse(null);
    }

    private String pairingStatus(LedgerRow entry) {
        if (!pairs(entry)) {
            return "UNKNOWN";
        }
        boolean bothSides =
                sideOf(entry, "PAYMENT").isPresent() && sideOf(entry, "RECEIVE").isPresent();
        return bothSides ? "COMPLETE" : "INCOMPLETE";
    }

    private static String statusGroup(Optional<OrderRow> order) {
        return STATUS_GROUPS.entrySet().stream()
                .filter(group -> order.filter(known ->
                                group.getValue().contains(known.status().strip().toUpperCase(Locale.ROOT)))
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("UNKNOWN");
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
