package txlookup.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.store.Spread;

/** The calls of ours between a controller and PostgreSQL, while PostgreSQL holds the lookup's statement up at a lock. */
@EnabledForJreRange(max = JRE.JAVA_20, disabledReason = "a virtual thread shows its stack to nobody else")
class LookupJourneyIT {
    private static final Pattern CALL = Pattern.compile("(?m)^(\\w+\\.\\w+)(?= |$)");
    private static final String FIRST = "LookupController.transaction";
    private static final String OF_SEVERAL_SERVERS = "SpreadLookups.entries";
    private static final int MOST_CALLS = 15;

    @Test
    void theCallsInsideALookupAreThoseOfTheDocumentation() throws Exception {
        try (RunningApi api = RunningApi.start();
                Connection lock = api.database().connect();
                Statement statement = lock.createStatement()) {
            api.store(payment("TX-1"));
            RunningApi.awaitPrepared(api.database(), RunningApi.GENERATION);
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger_entry");
            CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(
                    () -> api.get("/admin/tx/TX-1").statusCode());
            Eventually.within(Duration.ofSeconds(10), "the lookup waits for the lock", () -> isHeldUp(api));
            List<String> calls = calls();
            lock.rollback();
            List<String> documented = documented();
            assertThat(documented).hasSizeLessThanOrEqualTo(MOST_CALLS);
            if (new Spread().isOn(lock)) {
                documented.add(documented.size() - 1, OF_SEVERAL_SERVERS);
            }

            assertThat(answered.get()).isEqualTo(200);
            assertThat(calls).isEqualTo(documented);
        }
    }

    private static boolean isHeldUp(RunningApi api) {
        try (Connection other = api.database().connect();
                Statement statement = other.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted"
                        + " AND locktype = 'relation' AND relation = 'ledger_entry'::regclass")) {
            return row.next() && row.getInt(1) == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Outermost first, each once; a lambda is a part of the method that it stands in. */
    private static List<String> calls() {
        StackTraceElement[] stack = Thread.getAllStackTraces().values().stream()
                .filter(one -> Arrays.stream(one)
                        .anyMatch(frame -> FIRST.equals(call(frame))
                                && !frame.getMethodName().contains("$")))
                .findFirst()
                .orElseThrow();
        List<String> calls = new ArrayList<>();
        for (int at = stack.length - 1; at >= 0; at--) {
            String call = call(stack[at]);
            boolean ours = stack[at].getClassName().startsWith("txlookup.") && !call.contains("$");
            if (ours && !calls.contains(call) && (call.equals(FIRST) || !calls.isEmpty())) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static String call(StackTraceElement frame) {
        return frame.getClassName().replaceAll(".*\\.", "") + "."
                + frame.getMethodName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
    }

    private static List<String> documented() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture.md"));
        String journey = page.substring(page.indexOf("## A lookup's journey"), page.indexOf("## Which SQL runs"));
        return CALL.matcher(journey.split("```")[1])
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
