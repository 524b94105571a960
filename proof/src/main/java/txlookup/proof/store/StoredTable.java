package txlookup.proof.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import txlookup.apply.model.Entity;

/**
 * The columns of a table as they are read: the contract's fields in the order of the canonical digest, so that a row can
 * be digested as it comes, then what lies beside them.
 *
 * @param key the first of the fields
 * @param updatedAt which field is {@code updated_at}
 * @param createdAt which field is {@code created_at}
 */
public record StoredTable(String table, String key, List<Field> fields, int updatedAt, int createdAt) {
    private static final List<String> BESIDE = List.of("digest", "source_time", "source_position");

    private static final StoredTable LEDGER_ENTRIES = of(
            "ledger_entry",
            "tx_id text",
            "wallet_id text",
            "entry_type text",
            "amount numeric",
            "amount_signed numeric",
            "related_id text",
            "related_type text",
            "event_time time",
            "created_at time",
            "updated_at time",
            "version integer");

    private static final StoredTable PAYMENT_ORDERS = of(
            "payment_order",
            "order_id text",
            "user_id text",
            "merchant_name text",
            "amount numeric",
            "status text",
            "created_at time",
            "updated_at time",
            "version integer");

    /** How a field goes over the wire. */
    enum Type {
        TEXT,
        NUMERIC,
        TIME,
        INTEGER
    }

    record Field(String name, Type type) {}

    public static StoredTable of(Entity entity) {
        return switch (entity) {
            case LEDGER_ENTRY -> LEDGER_ENTRIES;
            case PAYMENT_ORDER -> PAYMENT_ORDERS;
        };
    }

    private static StoredTable of(String table, String... described) {
        List<Field> fields = Arrays.stream(described)
                .map(field -> {
                    int space = field.indexOf(' ');
                    return new Field(
                            field.substring(0, space),
                            Type.valueOf(field.substring(space + 1).toUpperCase(Locale.ROOT)));
                })
                .toList();
        List<String> names = fields.stream().map(Field::name).toList();
        return new StoredTable(table, names.get(0), fields, names.indexOf("updated_at"), names.indexOf("created_at"));
    }

    /** Which column the stored digest is; source time and source position follow. */
    int digest() {
        return fields.size();
    }

    int columns() {
        return fields.size() + BESIDE.size();
    }

    /** The contract's fields behind the key, as one value of the table with that alias. */
    public String record(String alias) {
        return "ROW(%s)"
                .formatted(fields.stream()
                        .skip(1)
                        .map(field -> alias + "." + field.name())
                        .collect(Collectors.joining(", ")));
    }

    String select() {
        return selectFrom(table);
    }

    /** @param relation a table of this shape, such as another generation's */
    String selectFrom(String relation) {
        return "SELECT %s, %s FROM %s"
                .formatted(
                        fields.stream().map(Field::name).collect(Collectors.joining(", ")),
                        String.join(", ", BESIDE),
                        relation);
    }
}
