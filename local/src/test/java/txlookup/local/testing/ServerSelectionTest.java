package txlookup.local.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerSelectionTest {
    private static final ServerSource CONTAINERS = new Source("containers", Optional.empty());
    private static final ServerSource NO_ENGINE = new Source("containers", Optional.of("there is no engine"));

    private record Source(String name, Optional<String> obstacle) implements ServerSource {
        @Override
        public TestPostgres startPostgres(String superuser, String password, Map<String, String> configuration) {
            throw new UnsupportedOperationException("a selection starts nothing");
        }

        @Override
        public TestKafka startKafka() {
            throw new UnsupportedOperationException("a selection starts nothing");
        }

        @Override
        public TestEventHubs startEventHubs(Map<String, Integer> hubs, Set<String> groups) {
            throw new UnsupportedOperationException("a selection starts nothing");
        }
    }

    @Test
    void containersAreTakenWhereAnEngineAnswers() {
        assertThat(said(null, CONTAINERS)).isEqualTo("Servers of the tests: containers");
        assertThat(said("containers", CONTAINERS)).isEqualTo("Servers of the tests: containers");
    }

    @Test
    void withoutAnEngineTheEmbeddedOnesAreTakenAndTheReasonIsSaid() {
        assertThat(said(null, NO_ENGINE)).isEqualTo("Servers of the tests: embedded, because there is no engine");
    }

    @Test
    void embeddedOnesCanBeWishedFor() {
        assertThat(said("embedded", CONTAINERS)).isEqualTo("Servers of the tests: embedded");
    }

    @Test
    void containersThatAreWishedForAndCannotBeHadAreAnError() {
        assertThatThrownBy(() -> said("containers", NO_ENGINE))
                .hasMessage("tests.servers is 'containers', but there is no engine. Mend that, or leave tests.servers"
                        + " out to take the embedded servers.");
    }

    @Test
    void aModuleWhoseTestsHaveNoContainersSaysSo() {
        assertThat(ServerSelection.select(Optional.of("containers"), List.of()).said())
                .isEqualTo(
                        "Servers of the tests: embedded, because this module's tests have no servers named 'containers'");
    }

    private static String said(String wanted, ServerSource source) {
        return ServerSelection.select(Optional.ofNullable(wanted), List.of(source))
                .said();
    }
}
