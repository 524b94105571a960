package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** The leader epoch that belongs to a position is the one of the record right before it, and of no other. */
class PolledRecordsTest {
    @Test
    void theRecordRightBeforeThePositionTells() {
        assertThat(PolledRecords.leaderEpoch(List.of(record(4, 2), record(5, 3)), 6))
                .isEqualTo(3);
    }

    @Test
    void behindAMarkerItIsUnknownSinceALaterLeaderMayHaveWrittenThat() {
        assertThat(PolledRecords.leaderEpoch(List.of(record(5, 3)), 7)).isNull();
        assertThat(PolledRecords.leaderEpoch(List.of(), 7)).isNull();
    }

    @Test
    void aBrokerThatKnowsNoEpochsTellsNone() {
        assertThat(PolledRecords.leaderEpoch(List.of(record(5, null)), 6)).isNull();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, Integer epoch) {
        return new ConsumerRecord<>(
                "topic",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                1,
                new byte[0],
                new byte[1],
                new RecordHeaders(),
                Optional.ofNullable(epoch));
    }
}
