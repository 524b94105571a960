package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.apply.store.generation.Generation;
import txlookup.backfill.source.TableInput;
import txlookup.consumer.offsets.GapException;
import txlookup.guarantee.CutoverTrial.Extract;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/**
 * Where backfill and stream meet (docs/architecture.md, The cutover): what was ever true is in the store, or nothing is
 * loaded at all.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class CutoverIT {
    private static final Extract POSITION = Extract.table();
    private static final Extract TIME = Extract.files(Duration.ZERO, "15m");

    @TempDir
    private Path folder;

    private CutoverTrial trial;

    @AfterEach
    void end() {
        trial.close();
    }

    private Instant minutes(long afterCutover) {
        return trial.cutover.plus(Duration.ofMinutes(afterCutover));
    }

    private void publish(String txId, long minutesAfterCutover) throws Exception {
        trial.publish(txId, minutes(minutesAfterCutover), minutes(minutesAfterCutover));
    }

    private void consumeAll() throws Exception {
        trial.startConsumer();
        trial.awaitCaughtUp();
    }

    private void storeIsWhatWasEverTrue() throws SQLException {
        assertThat(trial.stored()).isNotEmpty().isEqualTo(trial.expected());
    }

    @Test
    void aLogThatLostRecordsPastTheAnchorIsRefusedBeforeAnythingIsLoaded() throws Exception {
        trial = new CutoverTrial(POSITION);
        publish("before", -1);
        trial.anchor();
        publish("after", 1);
        publish("later", 2);
        trial.forgetBefore(2);
        assertThatThrownBy(trial::anchor)
                .isInstanceOf(GapException.class)
                .hasMessageContaining("GAP_DETECTED " + trial.ledger + "-0: offset 1 is wanted")
                .hasMessageContaining("begins at 2: 1 records are gone");
        assertThat(trial.stored()).isEmpty();
        assertThat(trial.state()).isEqualTo(Generation.State.ANCHORED);
    }

    @Test
    void anAnchorThatTheLogStillHoldsIsGoneOnWithThoughItsWitnessIsGone() throws Exception {
        trial = new CutoverTrial(TIME);
        publish("witness", -20);
        publish("wanted", -10);
        trial.anchor();
        trial.forgetBefore(1);
        trial.anchor();
        trial.load(folder, List.of(CutoverTrial.entry("witness", minutes(-20))));
        consumeAll();
        storeIsWhatWasEverTrue();
    }

    @Test
    void anEmptyTopicIsReadFromItsBeginning() throws Exception {
        trial = new CutoverTrial(TIME);
        trial.anchor();
        assertThat(trial.startOffset()).isZero();
        trial.load(folder, List.of(CutoverTrial.entry("old", minutes(-60))));
        publish("new", 1);
        consumeAll();
        storeIsWhatWasEverTrue();
    }

    @Test
    void aTopicWithOneOldRecordIsReadAfterItByPosition() throws Exception {
        oneOldRecord(POSITION);
    }

    @Test
    void aTopicWithOneOldRecordIsReadAfterItByTime() throws Exception {
        oneOldRecord(TIME);
    }

    private void oneOldRecord(Extract anchor) throws Exception {
        trial = new CutoverTrial(anchor);
        publish("old", -60);
        trial.anchor();
        assertThat(trial.startOffset()).isEqualTo(1);
        trial.load(folder, List.of(CutoverTrial.entry("old", minutes(-60))));
        publish("new", 1);
        consumeAll();
        storeIsWhatWasEverTrue();
    }

    @Test
    void aLogThatBeginsAfterTheInstantIsRefusedByTime() throws Exception {
        trial = new CutoverTrial(TIME);
        publish("gone", -60);
        publish("left", -5);
        trial.forgetBefore(1);
        assertThatThrownBy(trial::anchor)
                .isInstanceOf(GapException.class)
                .hasMessageContaining("GAP_DETECTED " + trial.ledger + "-0: events since " + minutes(-15))
                .hasMessageContaining("its oldest record is of " + minutes(-5))
                .hasMessageContaining("No older record shows that nothing in between is gone");
        assertThat(trial.stored()).isEmpty();
        assertThat(trial.state()).isEqualTo(Generation.State.MIGRATED);
    }

    @Test
    void aProducersClockThatIsFastLosesNothing() throws Exception {
        anHourByAClockThatIsOff(Duration.ofMinutes(10), TIME);
        storeIsWhatWasEverTrue();
    }

    @Test
    void aProducersClockThatIsSlowLosesNothingWithinTheOverlap() throws Exception {
        anHourByAClockThatIsOff(Duration.ofMinutes(-10), TIME);
        storeIsWhatWasEverTrue();
    }

    /** The limit that cutover.overlap documents: it has to be longer than the slowest producer's clock is behind. */
    @Test
    void aProducersClockThatIsSlowerThanTheOverlapLosesWhatIsInBetween() throws Exception {
        anHourByAClockThatIsOff(Duration.ofMinutes(-10), Extract.files(Duration.ZERO, "4m"));
        List<String> lost = new ArrayList<>(trial.expected().keySet());
        lost.removeAll(trial.stored().keySet());
        assertThat(lost).containsExactly("at-1", "at-2", "at-3", "at-4", "at-5");
    }

    /** Events of every minute around the cutover; the extract was read at the cutover, by the source's own clock. */
    private void anHourByAClockThatIsOff(Duration off, Extract anchor) throws Exception {
        trial = new CutoverTrial(anchor);
        List<String> rows = new ArrayList<>();
        for (int minute = -30; minute <= 30; minute++) {
            Instant at = minutes(minute);
            trial.publish("at-" + minute, at, at.plus(off));
            if (minute <= 0) {
                rows.add(CutoverTrial.entry("at-" + minute, at));
            }
        }
        trial.anchor();
        trial.load(folder, rows);
        consumeAll();
    }

    @Test
    void aTransactionOpenAcrossAPositionAnchorIsNotSkipped() throws Exception {
        transactionAcrossTheAnchor(POSITION);
    }

    @Test
    void aTransactionOpenAcrossATimeAnchorIsNotSkipped() throws Exception {
        transactionAcrossTheAnchor(TIME);
    }

    private void transactionAcrossTheAnchor(Extract anchor) throws Exception {
        trial = new CutoverTrial(anchor);
        Instant old = minutes(-60);
        try (KafkaProducer<String, String> committing = transactional("commits");
                KafkaProducer<String, String> givingUp = transactional("gives-up")) {
            publish("visible-1", -60);
            committing.beginTransaction();
            trial.publish(committing, 0, "in-transaction-1", old, old);
            publish("visible-2", -60);
            givingUp.beginTransaction();
            givingUp.send(new ProducerRecord<>(
                            trial.ledger, 0, old.toEpochMilli(), "given-up", CutoverTrial.entry("given-up", old)))
                    .get();
            trial.anchor();
            assertThat(trial.startOffset()).as("the open transaction's first").isEqualTo(1);
            trial.load(folder, List.of(CutoverTrial.entry("visible-1", old), CutoverTrial.entry("visible-2", old)));
            trial.startConsumer();
            trial.publish(committing, 0, "in-transaction-2", minutes(1), minutes(1));
            givingUp.abortTransaction();
            committing.commitTransaction();
            publish("visible-3", 2);
            trial.awaitCaughtUp();
        }
        storeIsWhatWasEverTrue();
    }

    private KafkaProducer<String, String> transactional(String name) {
        KafkaProducer<String, String> producer =
                CutoverTrial.producer(Map.of("transactional.id", name + "-" + trial.ledger));
        producer.initTransactions();
        return producer;
    }

    @Test
    void anEventPublishedBeforeItsCommitIsInTheExtractOnceTheSourceHasSettled() throws Exception {
        eventBeforeItsCommit(Extract.table("1500ms"), true);
        storeIsWhatWasEverTrue();
    }

    /** The limit that cutover.settling documents, and why the cloud stages have no default for it. */
    @Test
    void anEventPublishedBeforeItsCommitIsLostWhereNobodyWaitsForIt() throws Exception {
        eventBeforeItsCommit(Extract.table("0s"), false);
        assertThat(trial.expected()).containsKey("early");
        assertThat(trial.stored()).doesNotContainKey("early").containsKey("later");
    }

    /** The row becomes visible after the cutover is pinned, before the source is read or after, and its event lies below the anchor. */
    private void eventBeforeItsCommit(Extract anchor, boolean commitsWhileTheSourceSettles) throws Exception {
        trial = new CutoverTrial(anchor);
        TestDatabase sourceDatabase = SharedPostgres.newDatabase();
        try (HikariDataSource source = new HikariDataSource();
                Connection writer = sourceDatabase.connect();
                Statement statement = writer.createStatement()) {
            source.setJdbcUrl(sourceDatabase.jdbcUrl());
            source.setUsername(sourceDatabase.user());
            source.setPassword(sourceDatabase.password());
            statement.execute(CutoverTrial.TABLE);
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO entries VALUES ('early', 'w', 'PAYMENT', 1.00, '%1$s', '%1$s', 1)"
                    .formatted(minutes(0)));
            publish("early", 0);
            if (commitsWhileTheSourceSettles) {
                CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(() -> commit(writer));
            }
            trial.anchor();
            trial.load(new TableInput(source, "entries", "tx_id", Entity.LEDGER_ENTRY));
            commit(writer);
        }
        publish("later", 1);
        consumeAll();
    }

    private static void commit(Connection writer) {
        try {
            writer.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPartitionAddedAfterTheAnchorIsReadFromItsBeginning() throws Exception {
        trial = new CutoverTrial(POSITION);
        publish("old", -60);
        trial.anchor();
        trial.admin
                .createPartitions(Map.of(trial.ledger, NewPartitions.increaseTo(2)))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = CutoverTrial.producer(Map.of())) {
            trial.publish(producer, 1, "added-1", minutes(1), minutes(1));
            trial.anchor();
            trial.load(folder, List.of(CutoverTrial.entry("old", minutes(-60))));
            consumeAll();
            trial.publish(producer, 1, "added-2", minutes(2), minutes(2));
        }
        trial.awaitCaughtUp();
        storeIsWhatWasEverTrue();
    }

    @Test
    void aCompactedTopicIsRefusedWithTheReason() throws Exception {
        trial = new CutoverTrial(POSITION);
        for (String policy : List.of("compact", "compact,delete")) {
            trial.admin
                    .incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, trial.orders),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            assertThatThrownBy(trial::anchor)
                    .isInstanceOf(GapException.class)
                    .hasMessageContaining("GAP_DETECTED " + trial.orders + ": cleanup.policy is " + policy)
                    .hasMessageContaining("need not be its newest version");
        }
        assertThat(trial.state()).isEqualTo(Generation.State.MIGRATED);
    }
}
