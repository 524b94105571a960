package txlookup.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.LocalEnvironmentException;

class BrokerClassPathTest {
    @TempDir
    Path folder;

    private String before;

    @BeforeEach
    void nameTheFolder() {
        before = System.setProperty(BrokerClassPath.PROPERTY, folder.toString());
    }

    @AfterEach
    void nameTheFolderOfBefore() {
        if (before == null) {
            System.clearProperty(BrokerClassPath.PROPERTY);
        } else {
            System.setProperty(BrokerClassPath.PROPERTY, before);
        }
    }

    @Test
    void readsTheVersionFromTheBrokersJar() throws Exception {
        Files.createFile(folder.resolve("kafka-clients-9.9.9.jar"));
        Files.createFile(folder.resolve("kafka_2.13-4.3.1.jar"));

        assertThat(BrokerClassPath.find()).isEqualTo(new BrokerClassPath(folder, "4.3.1"));
    }

    @Test
    void saysWhereItLookedAndHowToGetABroker() {
        assertThatThrownBy(BrokerClassPath::find)
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("no Kafka broker (kafka_2.13-<version>.jar) in " + folder)
                .hasMessageContaining("mvn -pl local/broker process-resources")
                .hasMessageContaining("TXLOOKUP_BROKER_LIB");
    }
}
