package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeServices;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.testing.SharedKafka;

/** A namespace that resets the newer client's first words stops a rebuild in step 2, with what to do about it. */
@Timeout(120)
class HandshakeIT {
    /** dpkp/kafka-python#2602, twmb/franz-go#1025: ApiVersions from 4 on is reset, and the client tries the same for ever. */
    @Test
    void aResetHandshakeIsToldBeforeAnythingIsLoaded() throws Exception {
        String broker = SharedKafka.bootstrapServers();
        try (EventHubsProxy eventHubs =
                        new EventHubsProxy(Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1)));
                FakeAzure azure = FakeAzure.start(
                        0, new FakeAzure.Slowness(1, 0, 1, 0, 5), withNamespace("127.0.0.1:" + eventHubs.port()));
                AzurePlatform platform = Platforms.cloudTest(azure)) {
            eventHubs.resetsNewApiVersions = true;
            platform.create();
            if (ApiKeys.API_VERSIONS.latestVersion() >= 4) {
                assertThatThrownBy(platform::injectSecrets)
                        .hasMessageContaining("127.0.0.1:" + eventHubs.port())
                        .hasMessageContaining("closes connections that open with ApiVersions");
                assertThat(eventHubs.interferedWith(ApiKeys.API_VERSIONS)).isPositive();
            }
        }
    }

    private static FakeServices withNamespace(String address) {
        FakeServices none = FakeServices.none();
        return new FakeServices() {
            @Override
            public String server(String name, String administrator, String password) {
                return none.server(name, administrator, password);
            }

            @Override
            public void database(String server, String name) {}

            @Override
            public String namespace(String name) {
                return address;
            }

            @Override
            public void hub(String namespace, String name, int partitions) {}

            @Override
            public String revision(String app, String revision, Container container) {
                return none.revision(app, revision, container);
            }

            @Override
            public CompletableFuture<Boolean> job(String name, Container container) {
                return none.job(name, container);
            }

            @Override
            public void removed(String type, String name) {}
        };
    }
}
