package txlookup.apply.store.position;

import static txlookup.apply.store.position.SourcePositions.utc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How claimed sources move on: one statement for all that a transaction moves, and one for all that stand still. */
public final class SourceProgress {
    // A producer whose clock is ahead must not make the copy look fresher than now.
    private static final String ADVANCE = """
            UPDATE coverage SET
                next_position = moved.next_position, resume_from = moved.resume_from, bytes = coverage.bytes + moved.bytes,
                applied_until = greatest(coverage.applied_until, least(moved.applied_until, clock_timestamp())),
                completed_at = CASE WHEN moved.completes THEN clock_timestamp() END, leader_epoch = moved.leader_epoch,
                attempts = 0, updated_at = clock_timestamp()
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::timestamptz[], ?::boolean[], ?::integer[],
                    ?::integer[], ?::bigint[], ?::integer[])
                AS moved (next_position, resume_from, bytes, applied_until, completes, leader_epoch, id, stood_at, claim)
            WHERE coverage.source_id = moved.id AND coverage.next_position = moved.stood_at AND coverage.epoch = moved.claim
            RETURNING coverage.source_id""";

    private static final String COUNT = """
            UPDATE coverage SET
                consumed = coverage.consumed + batch.consumed, applied = coverage.applied + batch.applied,
                stale = coverage.stale + batch.stale, duplicate = coverage.duplicate + batch.duplicate,
                dead = coverage.dead + batch.dead, markers = coverage.markers + batch.markers
            FROM unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[],
                    ?::integer[], ?::integer[])
                AS batch (consumed, applied, stale, duplicate, dead, markers, id, claim)
            WHERE coverage.source_id = batch.id AND coverage.epoch = batch.claim
            RETURNING coverage.source_id""";

    // Who holds a row is about to move it. Waiting for that would tell nothing, and two could wait for each other.
    private static final String CAUGHT_UP = """
            WITH quiet AS (
                SELECT * FROM unnest(?::integer[], ?::bigint[], ?::integer[], ?::integer[], ?::bigint[])
                    AS quiet (id, stands_at, claim, leader_epoch, ago)),
            there AS (
                SELECT source_id FROM coverage JOIN quiet
                    ON source_id = quiet.id AND next_position = quiet.stands_at AND epoch = quiet.claim),
            free AS (
                SELECT source_id FROM coverage WHERE source_id IN (SELECT source_id FROM there) FOR UPDATE SKIP LOCKED),
            said AS (
                UPDATE coverage SET leader_epoch = coalesce(quiet.leader_epoch, coverage.leader_epoch),
                    caught_up_at =
                        greatest(coverage.caught_up_at, clock_timestamp() - quiet.ago * interval '1 microsecond')
                FROM free JOIN quiet ON free.source_id = quiet.id,
                    (SELECT set_config('synchronous_commit', 'off', true)) AS nothing_to_lose
                WHERE coverage.source_id = quiet.id AND coverage.next_position = quiet.stands_at
                    AND coverage.epoch = quiet.claim)
            SELECT source_id FROM there""";

    private SourceProgress() {}

    /** A step of a source. */
    public record Step(Lease from, Checkpoint to) {}

    /**
     * That a source has nothing beyond the claim's position.
     *
     * @param ago when the source was asked
     * @param leaderEpoch of the leader whose log ends there; null where the broker does not tell
     */
    public record CaughtUp(
            Lease claim, Duration ago, @Nullable Integer leaderEpoch) {}

    /**
     * Moves sources on. As a transaction's first statement it stops a process that lost one of them before it writes, and
     * orders those who hold it one after the other.
     *
     * @throws FencedException when a row is not where its claim left it
     */
    public static void advance(Connection connection, List<Step> steps) throws SQLException {
        Set<Integer> moved = sourcesOf(
                connection,
                ADVANCE,
                array(connection, "bigint", steps, step -> step.to().nextPosition()),
                array(connection, "text", steps, step -> step.to().resumeFrom()),
                array(connection, "bigint", steps, step -> step.to().bytes()),
                array(
                        connection,
                        "timestamptz",
                        steps,
                        step -> step.to().appliedUntil() == null
                                ? null
                                : utc(step.to().appliedUntil())),
                array(connection, "boolean", steps, step -> step.to().completes()),
                array(connection, "integer", steps, step -> step.to().leaderEpoch()),
                array(connection, "integer", steps, step -> step.from().sourceId()),
                array(connection, "bigint", steps, step -> step.from().nextPosition()),
                array(connection, "integer", steps, step -> step.from().epoch()));
        for (Step step : steps) {
            requireAmong(moved, step.from());
        }
    }

    /**
     * Adds what became of batches, in the transaction that advanced their sources.
     *
     * @param markers how many each of them passed
     */
    public static void count(Connection connection, List<BatchResult> batches, List<Integer> markers)
            throws SQLException {
        Set<Integer> counted = sourcesOf(
                connection,
                COUNT,
                array(connection, "integer", batches, BatchResult::consumed),
                array(connection, "integer", batches, BatchResult::applied),
                array(connection, "integer", batches, BatchResult::stale),
                array(connection, "integer", batches, BatchResult::duplicate),
                array(connection, "integer", batches, BatchResult::dead),
                array(connection, "integer", markers, number -> number),
                array(connection, "integer", batches, batch -> batch.claim().sourceId()),
                array(connection, "integer", batches, batch -> batch.claim().epoch()));
        for (BatchResult batch : batches) {
            requireAmong(counted, batch.claim());
        }
    }

    private static void requireAmong(Set<Integer> sources, Lease claim) {
        if (!sources.contains(claim.sourceId())) {
            throw new FencedException(claim);
        }
    }

    /**
     * Says that sources are caught up; of one whose row somebody holds, nothing is said.
     *
     * @return those of the claims whose row is not where they left it
     */
    public static List<Lease> caughtUp(Connection connection, List<CaughtUp> quiet) throws SQLException {
        Set<Integer> there = sourcesOf(
                connection,
                CAUGHT_UP,
                array(connection, "integer", quiet, one -> one.claim().sourceId()),
                array(connection, "bigint", quiet, one -> one.claim().nextPosition()),
                array(connection, "integer", quiet, one -> one.claim().epoch()),
                array(connection, "integer", quiet, CaughtUp::leaderEpoch),
                array(
                        connection,
                        "bigint",
                        quiet,
                        one -> TimeUnit.NANOSECONDS.toMicros(one.ago().toNanos())));
        return quiet.stream()
                .map(CaughtUp::claim)
                .filter(claim -> !there.contains(claim.sourceId()))
                .toList();
    }

    private static <T> Array array(Connection connection, String type, List<T> of, Function<T, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, of.stream().map(value).toArray());
    }

    private static Set<Integer> sourcesOf(Connection connection, String sql, Array... columns) throws SQLException {
        Set<Integer> sources = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int column = 0; column < columns.length; column++) {
                statement.setArray(column + 1, columns[column]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sources.add(row.getInt(1));
                }
            }
        }
        return sources;
    }
}
