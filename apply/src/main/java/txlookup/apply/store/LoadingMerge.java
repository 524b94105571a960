package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import txlookup.apply.SnapshotOrder;

/**
 * Which rows of a table that is being loaded stay, by the contract's order, and what that makes of the inputs' counts.
 *
 * @param bulk the table whose place it takes
 * @param loading its name in schema {@code bo}
 */
record LoadingMerge(BulkTable<?> bulk, String loading) {
    // Both as one batch would have counted them: what was beaten was stale, or there already with the same content.
    private static final String KEEP_NEWEST_OF_EACH_KEY = """
            WITH repeated AS MATERIALIZED (SELECT %2$s FROM bo.%1$s GROUP BY %2$s HAVING count(*) > 1),
            ranked AS MATERIALIZED (
                SELECT l.ctid AS at, row_number() OVER newest_first AS place,
                       l.digest = first_value(l.digest) OVER newest_first AS same
                FROM bo.%1$s AS l JOIN repeated USING (%2$s)
                WINDOW newest_first AS (PARTITION BY %2$s ORDER BY %3$s DESC, source_id, source_position)),
            beaten AS (
                DELETE FROM bo.%1$s AS l USING ranked WHERE l.ctid = ranked.at AND place > 1
                RETURNING l.source_id, same),
            counts AS (
                SELECT source_id, count(*) FILTER (WHERE same) AS duplicate, count(*) FILTER (WHERE NOT same) AS stale
                FROM beaten GROUP BY source_id)
            UPDATE coverage SET applied = applied - counts.duplicate - counts.stale,
                   stale = coverage.stale + counts.stale, duplicate = coverage.duplicate + counts.duplicate
            FROM counts WHERE coverage.source_id = counts.source_id""";

    private static final String COUNT_BEATEN_BY_THE_STREAM = """
            WITH counts AS (
                SELECT l.source_id, count(*) FILTER (WHERE l.digest = stored.digest) AS duplicate,
                       count(*) FILTER (WHERE l.digest <> stored.digest) AS stale
                FROM bo.%1$s AS stored JOIN bo.%2$s AS l USING (%3$s) WHERE NOT %4$s < %5$s GROUP BY l.source_id)
            UPDATE coverage SET applied = applied - counts.duplicate - counts.stale,
                   stale = coverage.stale + counts.stale, duplicate = coverage.duplicate + counts.duplicate
            FROM counts WHERE coverage.source_id = counts.source_id""";

    private static final String MERGE_THE_STREAM = """
            INSERT INTO bo.%2$s AS l (%6$s) SELECT %6$s FROM bo.%1$s
            ON CONFLICT (%3$s) DO UPDATE SET (%6$s) = ROW (%7$s) WHERE NOT %5$s < %4$s""";

    /** Leaves one row a key, by the contract's order, and sets the inputs' counts right. */
    void keepNewestOfEachKey(Connection connection) throws SQLException {
        FreshLoad.execute(
                connection, KEEP_NEWEST_OF_EACH_KEY.formatted(loading, bulk.key(), SnapshotOrder.sqlRow("l")));
    }

    /** Takes over what a stream wrote to the migrated table since the load began, as if the load came after it. */
    void mergeTheStream(Connection connection) throws SQLException {
        String excluded = Stream.of(bulk.columns().split(", ", -1))
                .map("excluded."::concat)
                .collect(Collectors.joining(", "));
        FreshLoad.execute(
                connection,
                COUNT_BEATEN_BY_THE_STREAM.formatted(
                        bulk.name(), loading, bulk.key(), SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("l")));
        FreshLoad.execute(
                connection,
                MERGE_THE_STREAM.formatted(
                        bulk.name(),
                        loading,
                        bulk.key(),
                        SnapshotOrder.sqlRow("l"),
                        SnapshotOrder.sqlRow("excluded"),
                        bulk.columns(),
                        excluded));
    }
}
