package txlookup.local.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestEventHubs;

/** What tests rely on holds in a container as well. */
class ContainerServersIT {
    @BeforeEach
    void requireAnEngine() {
        Optional<String> obstacle = new ContainerServers().obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle.orElse("an engine answers"));
    }

    @Test
    void postgresIsSetUpAsTheEmbeddedOneIs() throws Exception {
        try (Connection connection = SharedPostgres.newDatabase().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT current_setting('fsync'), current_setting('max_connections'), current_setting('timezone'),
                            datlocprovider, datlocale FROM pg_database WHERE datname = current_database()""")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("off");
            assertThat(row.getString(2)).isEqualTo("200");
            assertThat(row.getString(3)).isIn("UTC", "Etc/UTC");
            assertThat(row.getString(4)).isEqualTo("b");
            assertThat(row.getString(5)).isEqualTo("C.UTF-8");
        }
    }

    @Test
    void aBrokerMakesAndDeletesTopics() {
        String topic = SharedKafka.newTopicName("container");
        SharedKafka.broker().createTopic(topic, 2, Map.of());

        assertThat(SharedKafka.broker().deleteTopic(topic)).isTrue();
    }

    @Test
    void theEmulatorOfEventHubsHasItsHubsAndLetsClientsIn() throws Exception {
        TestEventHubs eventHubs = TestEventHubs.start(Map.of("ledger", 2), Set.of("readers"));

        try (Admin admin = Admin.create(eventHubs.client())) {
            assertThat(admin.listTopics().names().get()).contains("ledger");
        }
    }
}
