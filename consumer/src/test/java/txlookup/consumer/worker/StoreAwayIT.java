package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.consumer.RunningProcess;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** An absent or crashed PostgreSQL is waited for; nothing of it becomes a dead letter. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StoreAwayIT {
    @TempDir
    private Path folder;

    @Test
    void isWaitedForAtTheStartAndWhileTheProcessSaysThatItLives() throws Exception {
        PostgresSettings settings = SharedPostgres.settings(folder.resolve("data"));
        try (LocalPostgres postgres = LocalPostgres.start(settings)) {
            postgres.createDatabase("away");
            TestDatabase database =
                    new TestDatabase("away", postgres.jdbcUrl("away"), settings.superuser(), settings.password());
            ConsumerFixture.migrate(database);
            try (ConsumerFixture fixture = new ConsumerFixture(database)) {
                fixture.publishEntries(0, 20);
                postgres.stop();
                try (RunningProcess consumer = new RunningProcess(fixture, ConsumerFixture.GENERATION)) {
                    Thread.sleep(2_000);
                    assertThat(consumer.hasEnded()).isFalse();
                    postgres.restart();
                    eventually("applied", () -> "20".equals(fixture.one("SELECT sum(consumed) FROM coverage")));
                    postgres.crash();
                    Thread.sleep(2_000);
                    postgres.restart();
                    String after = fixture.one("SELECT clock_timestamp()");
                    eventually("says that it lives", () -> "t"
                            .equals(fixture.one("SELECT heartbeat_at > '" + after + "' FROM bo.process")));
                    assertThat(consumer.hasEnded()).isFalse();
                }
                assertThat(fixture.one("SELECT count(*) FROM bo.process")).isEqualTo("0");
            }
        }
    }

    @Test
    void waitsForAStoppedAndForACrashedStoreAndGoesOnByItself() throws Exception {
        PostgresSettings settings = SharedPostgres.settings(folder.resolve("data"));
        try (LocalPostgres postgres = LocalPostgres.start(settings)) {
            postgres.createDatabase("away");
            TestDatabase database =
                    new TestDatabase("away", postgres.jdbcUrl("away"), settings.superuser(), settings.password());
            ConsumerFixture.migrate(database);
            try (ConsumerFixture fixture = new ConsumerFixture(database)) {
                RunningConsumer consumer = fixture.start();
                fixture.publishEntries(0, 20);
                eventually("applied", () -> "20".equals(fixture.one("SELECT sum(consumed) FROM coverage")));
                postgres.stop();
                fixture.publishEntries(20, 40);
                eventually("/ready says why", () -> consumer.notReady().stream()
                        .anyMatch(reason -> reason.startsWith("store away since")));
                postgres.restart();
                eventually("caught up", () -> "40".equals(fixture.one("SELECT sum(consumed) FROM coverage")));
                postgres.crash();
                fixture.publishEntries(40, 60);
                postgres.restart();
                eventually("caught up", () -> "60".equals(fixture.one("SELECT sum(consumed) FROM coverage")));
                assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("60");
                assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
                eventually("ready again", () -> consumer.notReady().isEmpty());
            }
        }
    }
}
