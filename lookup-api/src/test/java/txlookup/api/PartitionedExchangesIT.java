package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers that were agreed, from a store whose tables have partitions: not a byte is another. */
class PartitionedExchangesIT {
    private static GoldenService service;

    @BeforeAll
    static void start() {
        RunningApi.tables(RunningApi.Tables.PARTITIONED);
        service = new GoldenService();
    }

    @AfterAll
    static void stop() {
        RunningApi.tables(RunningApi.Tables.PLAIN);
        service.close();
    }

    static List<GoldenExchange> exchanges() {
        return GoldenExchange.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exchanges")
    void theAnswerIsTheOneThatWasAgreed(GoldenExchange golden) {
        assertThat(golden.answeredBy(service)).as(golden.toString()).isEqualTo(golden.answer());
    }
}
