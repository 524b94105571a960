package txlookup.azure.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.amqp.AmqpRetryOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.azure.hub.HubPartitions.HubPartition;

/** Whether what the stream begins with is still there, by what Event Hubs says of its partitions. */
class StreamHeadroomTest {
    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");
    private static final Instant NEWEST = Instant.parse("2026-11-21T02:00:00Z");

    private final List<HubPartition> partitions = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    private final HubPartitions hubs = new HubPartitions() {
        @Override
        public List<HubPartition> of(String hub) {
            asked.add(hub);
            return partitions.stream().filter(each -> each.hub().equals(hub)).toList();
        }

        @Override
        public void close() {}
    };

    private String require(Duration after, PartitionAnchor... next) throws IOException {
        return new StreamHeadroom(hubs, Duration.ofHours(72), Duration.ofHours(2))
                .require(List.of(next), CUTOVER, CUTOVER.plus(after));
    }

    private void partition(String hub, int number, long beginning, long last) {
        partitions.add(new HubPartition(hub, number, beginning, last, NEWEST));
    }

    private static PartitionAnchor wanted(String topic, int partition, long offset) {
        return new PartitionAnchor(topic, partition, null, offset);
    }

    @Test
    void whatIsHeldIsToldWithTheTimeThatIsLeftAndEachHubIsAskedOnce() throws IOException {
        partition("ledger", 0, 40, 99);
        partition("ledger", 1, 0, -1);
        partition("orders", 0, 7, 9);
        assertThat(require(
                        Duration.ofHours(1), wanted("ledger", 0, 90), wanted("ledger", 1, 0), wanted("orders", 0, 7)))
                .contains("13 events wait", "headroom PT71H", "newest event " + NEWEST);
        assertThat(asked).containsExactly("ledger", "orders");
    }

    @Test
    void anEmptyPartitionWhoseEventsAllExpiredAfterTheyWereAppliedIsNoGap() throws IOException {
        partition("ledger", 0, 100, 99);
        assertThat(require(Duration.ofDays(30), wanted("ledger", 0, 100)))
                .as("with nothing to apply nothing can be lost")
                .contains("0 events wait");
    }

    @Test
    void eachPartitionThatLostWhatIsWantedIsNamedWithHowMuch() {
        partition("ledger", 0, 91, 99);
        partition("ledger", 1, 0, 4);
        assertThatThrownBy(() -> require(
                        Duration.ofHours(1), wanted("ledger", 0, 90), wanted("ledger", 1, 6), wanted("ledger", 2, 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ledger-0 begins at 91 and 90 is wanted: 1 events are gone")
                .hasMessageContaining("ledger-1 ends at 4 and 6 is wanted: the hub was made again")
                .hasMessageContaining("ledger-2 is not there")
                .hasMessageContaining("begin a new rebuild");
    }

    @Test
    void whatExpiresBeforeItCanBeAppliedIsRefusedWhileItIsStillThere() throws IOException {
        partition("ledger", 0, 90, 99);
        assertThat(require(Duration.ofHours(70), wanted("ledger", 0, 90))).contains("headroom PT2H");
        assertThatThrownBy(() -> require(Duration.ofHours(70).plusSeconds(1), wanted("ledger", 0, 90)))
                .hasMessageContaining("10 events since " + CUTOVER)
                .hasMessageContaining("less than cutover.margin PT2H");
    }

    @Test
    @Timeout(60)
    void theRealClientSaysWhichHubCouldNotBeAskedAndWhatItNeedsAndNotItsKey() {
        EventHubsPartitions nobody = new EventHubsPartitions(
                "127.0.0.1",
                "Endpoint=sb://127.0.0.1/;SharedAccessKeyName=listen;SharedAccessKey=c2VjcmV0LWtleQ==",
                new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(2)));
        assertThatThrownBy(() -> nobody.of("ledger.entry.upserted"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("hub ledger.entry.upserted of 127.0.0.1")
                .hasMessageContaining("5671")
                .hasMessageNotContaining("c2VjcmV0LWtleQ");
    }
}
