package txlookup.api.audit;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A query's filters as SQL: what an index finds, and what is judged row by row. The filter that leaves fewest rows
 * chooses the index.
 */
record AuditFilters(Conditions indexed, Conditions judged) {
    private static final Set<String> FREQUENT = Set.of("LOOKUP_TX", "LOOKUP_PAYMENT_ORDER", "LOOKUP_WALLET_TX");

    /** Conditions that all hold, with the values of their parameters. */
    record Conditions(List<String> texts, List<Object> values) {
        private Conditions() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        private void add(String text, Object... parameters) {
            texts.add(text);
            values.addAll(List.of(parameters));
        }

        boolean isEmpty() {
            return texts.isEmpty();
        }

        String sql() {
            return String.join("", texts);
        }

        /** Returns the number of the parameter after these. */
        int set(PreparedStatement statement, int first) throws SQLException {
            int next = first;
            for (Object value : values) {
                statement.setObject(next++, value);
            }
            return next;
        }
    }

    static AuditFilters of(AuditQuery query) {
        Conditions indexed = new Conditions();
        Conditions judged = new Conditions();
        boolean[] chosen = {false};
        query.correlationId()
                .ifPresent(id -> choose(chosen, indexed, judged).add(" AND correlation_id COLLATE \"C\" = ?", id));
        query.resourceId().ifPresent(id -> {
            String kept = AuditRow.kept(id, AuditRow.LONGEST_ID);
            choose(chosen, indexed, judged)
                    .add(" AND left(resource_id, 255) = left(?, 255) AND resource_id = ?", kept, kept);
        });
        query.actor().ifPresent(actor -> {
            String kept = AuditRow.kept(actor, AuditRow.LONGEST_ACTOR);
            choose(chosen, indexed, judged).add(" AND left(actor, 255) = left(?, 255) AND actor = ?", kept, kept);
        });
        query.result().ifPresent(result -> {
            // The second condition is the index's own; what is found is too much for one.
            if (result == AuditRow.Result.FOUND) {
                judged.add(" AND result = ?", result.name());
            } else {
                choose(chosen, indexed, judged).add(" AND result = ? AND result <> 'FOUND'", result.name());
            }
        });
        query.action().ifPresent(action -> {
            if (FREQUENT.contains(action)) {
                judged.add(" AND action = ?", action);
            } else {
                choose(chosen, indexed, judged)
                        .add(
                                " AND action = ? AND action NOT IN ('LOOKUP_TX', 'LOOKUP_PAYMENT_ORDER', 'LOOKUP_WALLET_TX')",
                                action);
            }
        });
        query.from().ifPresent(from -> indexed.add(" AND at >= ?", from.atOffset(ZoneOffset.UTC)));
        query.to().ifPresent(to -> indexed.add(" AND at <= ?", to.atOffset(ZoneOffset.UTC)));
        return new AuditFilters(indexed, judged);
    }

    private static Conditions choose(boolean[] chosen, Conditions indexed, Conditions judged) {
        if (chosen[0]) {
            return judged;
        }
        chosen[0] = true;
        return indexed;
    }
}
