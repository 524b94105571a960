package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Batches are filled to their limits, whatever the polls' sizes, and every record comes out once and in order. */
class PartitionInboxTest {
    private static final int MOST_RECORDS = 10;
    private static final int MOST_BYTES = 1000;

    private final PartitionInbox inbox = new PartitionInbox(
            new SubscriptionSettings(
                    1,
                    "group",
                    "canary",
                    Map.of(),
                    Map.of(),
                    "test",
                    MOST_RECORDS,
                    MOST_BYTES,
                    Duration.ZERO,
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    Duration.ZERO,
                    1,
                    1),
            () -> Long.MAX_VALUE);

    @Test
    void aBatchIsFilledFromSeveralPollsAndTheRestComesNext() throws Exception {
        inbox.add(poll(0, 7, 10));
        inbox.add(poll(7, 14, 10));
        assertThat(inbox.isFull()).isTrue();
        PolledRecords first = take();
        assertThat(offsets(first)).containsExactlyElementsOf(range(0, 10));
        assertThat(first.nextOffset()).isEqualTo(10);
        assertThat(first.bytes()).isEqualTo(100);
        assertThat(inbox.isFull()).isFalse();
        PolledRecords second = take();
        assertThat(offsets(second)).containsExactlyElementsOf(range(10, 14));
        assertThat(second.nextOffset()).isEqualTo(14);
        assertThat(inbox.await(0)).isFalse();
    }

    @Test
    void whoWaitsIsWokenByWhatComesAndByACall() throws Exception {
        long began = System.nanoTime();
        inbox.wake();
        assertThat(inbox.await(60_000)).isFalse();
        Thread other = new Thread(() -> inbox.add(poll(0, 3, 10)));
        other.start();
        assertThat(inbox.await(60_000)).isTrue();
        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(60).toNanos());
        other.join();
    }

    @Test
    void bytesLimitABatchButNeverStopIt() throws Exception {
        inbox.add(poll(0, 3, 400));
        inbox.add(poll(3, 4, 5000));
        assertThat(offsets(take())).containsExactly(0L, 1L);
        assertThat(offsets(take())).containsExactly(2L);
        assertThat(offsets(take())).containsExactly(3L);
    }

    @Test
    void aPollWithoutRecordsStillMovesThePosition() throws Exception {
        inbox.add(poll(0, 2, 10));
        inbox.add(new PolledRecords(List.of(), 5, 0));
        PolledRecords taken = take();
        assertThat(offsets(taken)).containsExactly(0L, 1L);
        assertThat(taken.nextOffset()).isEqualTo(5);
    }

    @Test
    void moreIsPolledUntilOneBatchWaitsAndAgainOnceItIsTaken() throws Exception {
        inbox.add(poll(0, 9, 10));
        assertThat(inbox.isFull()).isFalse();
        inbox.add(poll(9, 19, 10));
        assertThat(inbox.isFull()).isTrue();
        take();
        assertThat(inbox.isFull()).isFalse();
        inbox.add(poll(19, 20, 10));
        assertThat(inbox.isFull()).isTrue();
        take();
        inbox.add(poll(20, 22, 500));
        assertThat(inbox.isFull()).isTrue();
    }

    private PolledRecords take() throws InterruptedException {
        assertThat(inbox.await(0)).isTrue();
        return inbox.take();
    }

    private static PolledRecords poll(long from, long to, int size) {
        return PolledRecords.of(
                LongStream.range(from, to)
                        .mapToObj(offset -> record(offset, size))
                        .toList(),
                to);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, int size) {
        return new ConsumerRecord<>(
                "topic",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                size,
                new byte[0],
                new byte[size],
                new RecordHeaders(),
                Optional.empty());
    }

    private static List<Long> offsets(PolledRecords records) {
        return records.records().stream().map(ConsumerRecord::offset).toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
