package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;

/** A topic gets many partitions more while two consumers run: all are read from their first record, within 15 s. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AddedPartitionsOfATopicIT {
    private static final Logger log = LoggerFactory.getLogger(AddedPartitionsOfATopicIT.class);
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(15);
    // As the shipped profiles have them.
    private static final Map<String, Object> SHIPPED =
            Map.of("metadata.max.age.ms", "5000", "session.timeout.ms", "30000", "heartbeat.interval.ms", "3000");

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
    void fromTwoToSixteenWhileTwoConsumersRun() throws Exception {
        List<RunningConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            consumers.add(fixture.start(fixture.settings(SHIPPED, 0.2), 8));
        }
        eventually("both have partitions", () -> consumers.stream()
                .allMatch(one -> one.notReady().isEmpty()));
        try (Admin admin = Admin.create(fixture.broker())) {
            admin.createPartitions(Map.of(fixture.ledger, NewPartitions.increaseTo(16)))
                    .all()
                    .get();
        }
        long added = System.nanoTime();
        List<Integer> partitions = new ArrayList<>();
        for (int partition = 0; partition < 16; partition++) {
            partitions.add(partition);
        }
        Collections.shuffle(partitions, new Random(3));
        for (int partition : partitions) {
            fixture.publish(fixture.ledger, partition, "tx", entry("tx-" + partition, "PAYMENT", "po", 1));
        }

        eventually("all visible", () -> "16".equals(fixture.one("SELECT count(*) FROM ledger_entry")));
        Duration visible = Duration.ofNanos(System.nanoTime() - added);

        log.info("Events of 14 added partitions were visible {} after the partitions were added", visible);
        assertThat(visible).isLessThan(VISIBLE_WITHIN);
        assertThat(consumers).allMatch(RunningConsumer::isRunning);
        assertThat(fixture.one("SELECT count(*) FROM coverage WHERE start_position = 0 AND name = '%s'"
                        .formatted(fixture.ledger)))
                .isEqualTo("16");
    }
}
