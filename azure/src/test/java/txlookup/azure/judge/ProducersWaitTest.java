package txlookup.azure.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import txlookup.azure.recreate.Clockwork;

/** A secured environment is judged once its producers publish, and they are told where. */
class ProducersWaitTest {
    private final Clockwork waiting = new Clockwork();
    private final List<String> told = new ArrayList<>();

    @Test
    void bothTopicsAreWaitedForAndTheProducersAreToldWhereToPublish() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        ProducersWait wait = new ProducersWait(
                () -> {
                    int look = looks.getAndIncrement();
                    return Map.of("ledger", look < 3 ? 7L : 8L, "orders", look < 20 ? 0L : 1L);
                },
                waiting,
                Duration.ofMinutes(30),
                told::add);
        wait.await("ns.servicebus.windows.net:9093");
        assertThat(looks).hasValue(21);
        assertThat(told).singleElement().asString().contains("ns.servicebus.windows.net:9093", "ledger and orders");
    }

    @Test
    void aTopicWithoutEventsIsNamed() {
        AtomicInteger looks = new AtomicInteger();
        ProducersWait wait = new ProducersWait(
                () -> Map.of("ledger", (long) looks.getAndIncrement(), "orders", 5L),
                waiting,
                Duration.ofMinutes(30),
                told::add);
        assertThatThrownBy(() -> wait.await("ns"))
                .hasMessageContaining("no event came to orders within PT30M")
                .hasMessageNotContaining("ledger");
    }
}
