package txlookup.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.local.testing.SharedKafka;

/** What a plain broker does and Event Hubs does not, each rule on both. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventHubsProxyIT {
    private final String topic = SharedKafka.newTopicName("hub");
    private EventHubsProxy proxy;

    @BeforeEach
    void start() throws Exception {
        SharedKafka.broker().createTopic(topic, 2, Map.of());
        String broker = SharedKafka.bootstrapServers();
        proxy = new EventHubsProxy(Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1)));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    @Test
    void itsRetentionIsNotTold() throws Exception {
        ConfigResource asked = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin plain = plain();
                Admin hub = hub()) {
            assertThat(plain.describeConfigs(List.of(asked)).all().get()).containsKey(asked);
            assertThatThrownBy(() -> hub.describeConfigs(List.of(asked)).all().get())
                    .hasCauseInstanceOf(UnsupportedVersionException.class);
        }
    }

    @Test
    void itsHubsHaveNoIds() throws Exception {
        try (Admin plain = plain();
                Admin hub = hub()) {
            assertThat(idOf(plain)).isNotEqualTo(Uuid.ZERO_UUID);
            assertThat(idOf(hub)).isEqualTo(Uuid.ZERO_UUID);
        }
    }

    @Test
    void aNewHandshakeIsResetAndAnsweredByAPlainBroker() throws Exception {
        proxy.resetsNewApiVersions = true;
        try (Admin plain = plain();
                Admin hub = hub()) {
            assertThat(idOf(plain)).isNotNull();
            if (ApiKeys.API_VERSIONS.latestVersion() >= 4) {
                assertThatThrownBy(() -> idOf(hub)).hasCauseInstanceOf(TimeoutException.class);
                assertThat(proxy.interferedWith(ApiKeys.API_VERSIONS)).isPositive();
            }
        }
    }

    private Uuid idOf(Admin admin) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .topicId();
    }

    private static Admin plain() {
        return admin(SharedKafka.bootstrapServers());
    }

    private Admin hub() {
        return admin("127.0.0.1:" + proxy.port());
    }

    private static Admin admin(String servers) {
        return Admin.create(
                Map.of("bootstrap.servers", servers, "request.timeout.ms", "2000", "default.api.timeout.ms", "3000"));
    }
}
