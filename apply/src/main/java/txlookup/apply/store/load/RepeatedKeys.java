package txlookup.apply.store.load;

import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.batch.BulkTable;

/** Folds rows of one key in a table that was loaded without its primary key. */
final class RepeatedKeys {
    // Both as one batch would have counted them: what was beaten was stale, or there already with the same content.
    private static final String FOLD = """
            WITH repeated AS MATERIALIZED (SELECT %2$s FROM %1$s GROUP BY %2$s HAVING count(*) > 1),
            ranked AS MATERIALIZED (
                SELECT l.ctid AS at, row_number() OVER newest_first AS place,
                       l.digest = first_value(l.digest) OVER newest_first AS same
                FROM %1$s AS l JOIN repeated USING (%2$s)
                WINDOW newest_first AS (PARTITION BY %2$s ORDER BY %3$s DESC, source_id, source_position)),
            beaten AS (
                DELETE FROM %1$s AS l USING ranked WHERE l.ctid = ranked.at AND place > 1
                RETURNING l.source_id, same),
            counts AS (
                SELECT source_id, count(*) FILTER (WHERE same) AS duplicate, count(*) FILTER (WHERE NOT same) AS stale
                FROM beaten GROUP BY source_id)
            UPDATE coverage SET applied = applied - counts.duplicate - counts.stale,
                   stale = coverage.stale + counts.stale, duplicate = coverage.duplicate + counts.duplicate
            FROM counts WHERE coverage.source_id = counts.source_id""";

    private RepeatedKeys() {}

    /** The statement that leaves one row a key, by the contract's order, and sets the inputs' counts right. */
    static String fold(BulkTable<?> table) {
        return FOLD.formatted(table.name(), table.key(), SnapshotOrder.sqlRow("l"));
    }
}
