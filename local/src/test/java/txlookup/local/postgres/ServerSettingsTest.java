package txlookup.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import txlookup.local.kafka.KafkaSettings;

class ServerSettingsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aPasswordStaysOutOfWhatIsPrinted() {
        assertThat(postgres(0, "hunter2", Map.of()))
                .asString()
                .contains("port=0")
                .doesNotContain("hunter2");
    }

    @Test
    void postgresRefusesWhatNoServerCouldStartWith() {
        assertThatThrownBy(() -> postgres(65536, "secret", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 0 to 65535, not 65536");
        assertThatThrownBy(() -> postgres(0, "two\nlines", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be one line")
                .hasMessageNotContaining("two");
        assertThatThrownBy(() -> postgres(0, "secret", Map.of("listen_addresses", "*")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listen_addresses is decided by the local environment");
        assertThatThrownBy(() -> postgres(0, "secret", Map.of("a=b", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a=b' cannot be a PostgreSQL setting");
    }

    @Test
    void kafkaRefusesWhatNoBrokerCouldStartWith() {
        assertThatThrownBy(() -> kafka(-1, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 0 to 65535, not -1");
        assertThatThrownBy(() -> kafka(0, Map.of("listeners", "PLAINTEXT://0.0.0.0:9092")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listeners is decided by the local environment");
    }

    @Test
    void aLogInsideTheDataFolderIsRefusedBecauseTheFolderMustStartEmpty() {
        Path data = Path.of("data");

        assertThatThrownBy(() ->
                        new KafkaSettings(data, Path.of("cache"), 0, Map.of(), data.resolve("broker.log"), MINUTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must lie outside the data folder");
    }

    private static PostgresSettings postgres(int port, String password, Map<String, String> configuration) {
        return new PostgresSettings(
                Path.of("data"),
                Path.of("binaries"),
                port,
                "postgres",
                password,
                configuration,
                Path.of("postgres.log"),
                MINUTE);
    }

    private static KafkaSettings kafka(int port, Map<String, String> configuration) {
        return new KafkaSettings(Path.of("data"), Path.of("cache"), port, configuration, Path.of("kafka.log"), MINUTE);
    }
}
