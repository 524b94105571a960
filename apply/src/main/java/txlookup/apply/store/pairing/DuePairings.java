package txlookup.apply.store.pairing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The payments whose pairing a transaction may have changed: one row, in that transaction, however many they are. It costs a
 * batch one statement and reads nothing.
 */
public final class DuePairings {
    private static final String INSERT = """
            INSERT INTO pairing_due (payment_ids, receive_ids, order_ids, other_ids) VALUES (?, ?, ?, ?)""";

    private static final List<PairedId.Kind> COLUMNS =
            List.of(PairedId.Kind.PAYMENT, PairedId.Kind.RECEIVE, PairedId.Kind.ORDER, PairedId.Kind.UNTYPED);

    private final Map<PairedId.Kind, List<String>> ids = new EnumMap<>(PairedId.Kind.class);

    /** A row was entered under a new key: what was there before still is. */
    public void entered(@Nullable PairedId pairing) {
        if (pairing != null && pairing.kind() != PairedId.Kind.NONE) {
            add(pairing.kind(), pairing.id());
        }
    }

    /** A row took the place of another of its key, which may have been a side. */
    public void changed(@Nullable PairedId pairing) {
        if (pairing != null) {
            add(pairing.kind() == PairedId.Kind.ORDER ? PairedId.Kind.ORDER : PairedId.Kind.UNTYPED, pairing.id());
        }
    }

    /** The id that a row named before; null for none. */
    public void left(@Nullable String before) {
        if (before != null) {
            add(PairedId.Kind.UNTYPED, before);
        }
    }

    private void add(PairedId.Kind kind, String id) {
        ids.computeIfAbsent(kind, none -> new ArrayList<>()).add(id);
    }

    /** Writes them down, if there are any. */
    public void insert(Connection connection) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (int column = 0; column < COLUMNS.size(); column++) {
                List<String> some = ids.getOrDefault(COLUMNS.get(column), List.of());
                statement.setArray(column + 1, connection.createArrayOf("text", some.toArray(String[]::new)));
            }
            statement.executeUpdate();
        }
    }
}
