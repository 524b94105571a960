package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.KillableConsumer;

/** A record that the process dies of is found and set aside, although every process that could know it is dead. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Tag("nightly")
class PoisonRecordDetectorIT {
    private static final String HANG = """
            CREATE FUNCTION bo.hang() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.tx_id = 'killer' THEN PERFORM pg_sleep(600); END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER hang BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION bo.hang()""";

    private static final String HANGING = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep'""";

    // And waits until they are gone: one that still hangs would be taken for the next process's.
    private static final String END_HANGING = """
            SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep'""";

    @TempDir
    Path folder;

    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theRecordIsSetAsideAfterItsTriesAndAllOthersAreApplied() throws Exception {
        for (int i = 0; i < 50; i++) {
            String txId = i == 20 ? "killer" : "tx-" + i;
            fixture.publish(fixture.ledger, 0, txId, entry(txId, "PAYMENT", "po-" + i, 1));
        }
        fixture.execute(HANG);

        int deaths = 0;
        while (diesOfIt()) {
            deaths++;
            assertThat(deaths).as("deaths before it is set aside").isLessThan(6);
        }

        // With one try: the batch it is in, the records before it one by one and then it alone, and once more.
        assertThat(deaths).isBetween(2, 4);
        assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("49");
        assertThat(fixture.one("SELECT string_agg(position || ' ' || reason || ' ' || state, ',') FROM dead_letter"))
                .isEqualTo("20 processing_failure OPEN");
        assertThat(fixture.one("SELECT detail FROM dead_letter")).startsWith("the process died ");
        assertThat(fixture.one("SELECT convert_from(record_key, 'UTF8') FROM dead_letter"))
                .isEqualTo("killer");
    }

    /** Runs a consumer until everything is consumed, or until it hangs at the record and is killed. */
    private boolean diesOfIt() throws Exception {
        Process consumer = KillableConsumer.start(fixture, folder.resolve("consumer.log"));
        try {
            eventually("done or hanging", () -> isDone() || !"0".equals(fixture.one(HANGING)));
            return !isDone();
        } finally {
            consumer.destroyForcibly().waitFor();
            fixture.one(END_HANGING);
        }
    }

    private boolean isDone() throws Exception {
        return "50".equals(fixture.one("SELECT sum(consumed) FROM coverage"));
    }
}
