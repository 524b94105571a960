package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.store.load.LoadPause;
import txlookup.guarantee.fault.DatabaseTrouble;

/** A load beside the stream meets what the stream meets: it waits as long as that lasts, and counts no row twice. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class LoadFaultsIT {
    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    private CutoverTrial trial;
    private DatabaseTrouble trouble;
    private CompletableFuture<Void> load;

    @BeforeEach
    void start() throws Exception {
        trial = new CutoverTrial(new CutoverTrial.Extract(
                Optional.of(Duration.ZERO), Map.of("cutover.overlap", "15m", "backfill.chunkRows", "10")));
        trouble = new DatabaseTrouble(trial.database::connect, trial.database.name());
        publish("before", -1);
        trial.anchor();
        trial.startConsumer();
        trial.awaitCaughtUp();
    }

    @AfterEach
    void end() {
        trial.close();
    }

    private void publish(String txId, long minutesAfterCutover) throws Exception {
        Instant at = trial.cutover.plus(Duration.ofMinutes(minutesAfterCutover));
        trial.publish(txId, at, at);
    }

    /** Every row takes 20 ms, so that the load lasts for seconds. */
    private void startLoad() throws Exception {
        List<String> rows = IntStream.range(0, ROWS)
                .mapToObj(i -> CutoverTrial.entry("slow-" + i, trial.cutover.minusSeconds(60)))
                .toList();
        load = CompletableFuture.runAsync(() -> {
            try {
                trial.load(folder, rows);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        Trial.eventually("the first rows are loaded", () -> load.isDone() || loaded() > 0);
    }

    private long loaded() throws SQLException {
        try (Connection connection = trial.database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT coalesce(sum(consumed), 0) FROM coverage WHERE kind = 'BACKFILL'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Newer snapshots of some of what is loaded, and others. */
    private void publishMore() throws Exception {
        for (int i = 0; i < 20; i++) {
            publish("slow-" + 20 * i, 1);
            publish("new-" + i, 1);
        }
    }

    private void endsUpRight() throws Exception {
        load.get();
        trial.awaitCaughtUp();
        assertThat(loaded()).as("rows counted").isEqualTo(ROWS);
        assertThat(trial.stored()).isEqualTo(trial.expected());
    }

    @Test
    void aPausedLoadStandsStillAndTheStreamDoesNot() throws Exception {
        LoadPause pause = new LoadPause(trial.store);
        trouble.slowRows(() -> {
            startLoad();
            pause.pause("kim");
            Thread.sleep(2000);
            long before = loaded();
            publishMore();
            trial.awaitCaughtUp();
            assertThat(loaded()).isEqualTo(before).isLessThan(ROWS);
            pause.resume();
            load.get();
        });
        endsUpRight();
    }

    @Test
    void aFailoverInTheMiddleOfALoad() throws Exception {
        trouble.slowRows(() -> {
            startLoad();
            trouble.whileBusy(DatabaseTrouble.END, 4);
            trouble.readOnly(() -> {
                publishMore();
                Thread.sleep(2000);
            });
            load.get();
        });
        endsUpRight();
    }

    @Test
    void statementsThatAreCancelledAndATableThatIsLockedInTheMiddleOfALoad() throws Exception {
        trouble.slowRows(() -> {
            startLoad();
            trouble.whileBusy(DatabaseTrouble.CANCEL, 5);
            trouble.lockTable(Duration.ofSeconds(Integer.getInteger("guarantee.lockSeconds")), () -> Thread.sleep(500));
            publishMore();
            load.get();
        });
        endsUpRight();
    }
}
