package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service answers as {@code contracts/http} says, byte for byte. After a change that is meant:
 * {@code mvn -pl lookup-api test -Dtest=GoldenExchangesIT -Dcontract.capture=true} writes the answers again, and the
 * difference is what to look at.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenExchangesIT {
    private static final boolean CAPTURE = Boolean.getBoolean("contract.capture");

    private GoldenService service;

    RunningApi.Tables tables() {
        return RunningApi.Tables.PLAIN;
    }

    @BeforeAll
    void start() {
        RunningApi.tables(tables());
        service = new GoldenService();
    }

    @AfterAll
    void stop() {
        RunningApi.tables(RunningApi.Tables.PLAIN);
        if (service != null) {
            service.close();
        }
    }

    static List<GoldenExchange> exchanges() {
        return GoldenExchange.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exchanges")
    void theAnswerIsTheOneThatWasAgreed(GoldenExchange golden) {
        String seen = golden.answeredBy(service);
        if (CAPTURE) {
            golden.capture(seen);
        } else {
            assertThat(seen).as(golden.toString()).isEqualTo(golden.answer());
        }
    }
}
