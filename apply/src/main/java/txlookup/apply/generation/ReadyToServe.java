package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import txlookup.apply.generation.process.ProcessTable;

/** What has to hold before a generation may answer lookups; whatever does not is a {@link RefusedActException}. */
final class ReadyToServe {
    private static final String STATE = "SELECT state FROM bo.generation WHERE generation = ?";
    private static final Duration PREPARED_WITHIN = Duration.ofSeconds(5);

    private final Connection connection;
    private final Await await;

    ReadyToServe(Connection connection, Await await) {
        this.connection = connection;
        this.await = await;
    }

    void requireReady(long target) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                String state = row.next() ? row.getString(1) : null;
                if (!"READY".equals(state)) {
                    throw new RefusedActException(
                            state == null
                                    ? "there is no generation %d; txlookup generation list shows all".formatted(target)
                                    : "generation %d is %s; it can serve once it is READY".formatted(target, state));
                }
            }
        }
    }

    /** At most two generations hold rows. */
    static void requireNoThird(Serving now, long target) {
        for (Long other : new Long[] {now.wayBack(), now.candidate()}) {
            if (other != null && other != target) {
                throw new RefusedActException(
                        "generation %d is in the way, as %s; retire it first: txlookup generation retire %1$d"
                                .formatted(other, other.equals(now.wayBack()) ? "the way back" : "the one on trial"));
            }
        }
    }

    static long requireWayBack(Serving now) {
        if (now.wayBack() == null) {
            throw new RefusedActException(
                    now.generation() == null
                            ? "nothing serves, so there is no way back"
                            : "generation %d serves and has no way back: none was kept".formatted(now.generation()));
        }
        return now.wayBack();
    }

    void requireNothingUnfinished(long target) throws SQLException {
        String unfinished = ActTable.unfinished(connection, target);
        if (unfinished != null) {
            throw new RefusedActException(
                    "generation %d has orders that are not done: %s; let them end first".formatted(target, unfinished));
        }
    }

    void requirePrepared(long target) throws SQLException {
        String missing = ProcessTable.notPrepared(connection, target);
        if (missing != null) {
            throw new RefusedActException("not prepared for it: " + missing);
        }
    }

    void awaitPrepared(long target) throws SQLException, InterruptedException {
        String missing = await.nothingMissing(
                PREPARED_WITHIN,
                () -> ProcessTable.notPrepared(connection, target),
                "waiting until every API process is prepared");
        if (missing != null) {
            throw new RefusedActException(
                    "not prepared for generation %d after %d s: %s; look at the log of that process"
                            .formatted(target, PREPARED_WITHIN.toSeconds(), missing));
        }
    }

    /** Nobody is to read an older answer than before: what answers from now on has what answered until now has. */
    void awaitLevel(long target, long serving, Duration within, String what) throws SQLException, InterruptedException {
        Positions wanted = Positions.of(connection, serving);
        String behind = await.nothingMissing(
                within,
                () -> {
                    long records = Positions.of(connection, target).behind(wanted);
                    return records == 0 ? null : "%,d records".formatted(records);
                },
                what + " catches up");
        if (behind != null) {
            throw new RefusedActException(
                    "%s, generation %d, lacks %s of generation %d after %d s; look at its consumer"
                            .formatted(what, target, behind, serving, within.toSeconds()));
        }
    }
}
