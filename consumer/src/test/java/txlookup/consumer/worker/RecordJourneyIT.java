package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import txlookup.consumer.ConsumerFixture;

/** The calls of ours between a partition's thread and PostgreSQL, while PostgreSQL holds the statement up at a lock. */
class RecordJourneyIT {
    private static final Pattern CALL = Pattern.compile("(?m)^(\\w+\\.\\w+)(?= |$)");
    private static final int MOST_CALLS = 12;
    private static final int MOST_CLASSES = 8;

    @Test
    void theCallsInsideAnInsertAreThoseOfTheDocumentation() throws Exception {
        try (ConsumerFixture fixture = new ConsumerFixture()) {
            fixture.start();
            List<String> insert = callsWhileHeldUp(fixture, 1);
            List<String> merge = callsWhileHeldUp(fixture, 2);

            assertThat(insert).isEqualTo(documented());
            assertThat(insert).last().isEqualTo("BinaryCopy.send");
            assertThat(merge).last().isEqualTo("StagingMerge.merge");
            for (List<String> calls : List.of(insert, merge)) {
                assertThat(calls).hasSizeLessThanOrEqualTo(MOST_CALLS);
                assertThat(calls.stream().map(call -> call.split("\\.")[0]).distinct())
                        .hasSizeLessThanOrEqualTo(MOST_CLASSES);
            }
        }
    }

    private static List<String> callsWhileHeldUp(ConsumerFixture fixture, int version) throws Exception {
        try (var pool = fixture.pool(1);
                Connection lock = pool.getConnection();
                Statement statement = lock.createStatement()) {
            statement.execute("LOCK TABLE ledger_entry IN SHARE MODE");
            fixture.publish(fixture.ledger, 0, "key", ConsumerFixture.entry("tx-1", "PAYMENT", "po-1", version));
            ConsumerFixture.eventually("the insert waits for the lock", () -> isHeldUp(fixture));
            List<String> calls = callsOf("apply-" + fixture.ledger + "-0");
            lock.rollback();
            ConsumerFixture.eventually("applied", () -> "1"
                    .equals(fixture.one("SELECT count(*) FROM ledger_entry WHERE version = " + version)));
            return calls;
        }
    }

    private static boolean isHeldUp(ConsumerFixture fixture) throws SQLException {
        return "1"
                .equals(fixture.one("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
                        + " AND relation = 'ledger_entry'::regclass"));
    }

    /** Outermost first. */
    private static List<String> callsOf(String thread) {
        StackTraceElement[] stack = Thread.getAllStackTraces().entrySet().stream()
                .filter(one -> one.getKey().getName().equals(thread))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        List<String> calls = Arrays.asList(Arrays.stream(stack)
                .filter(frame -> frame.getClassName().startsWith("txlookup."))
                .map(frame -> frame.getClassName().replaceAll(".*\\.", "") + "." + frame.getMethodName())
                .toArray(String[]::new));
        Collections.reverse(calls);
        return calls;
    }

    private static List<String> documented() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture.md"));
        String journey = page.substring(page.indexOf("## A record's journey"), page.indexOf("## Which SQL runs"));
        return CALL.matcher(journey.split("```")[1])
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .toList();
    }
}
