package txlookup.local.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import txlookup.local.postgres.LocalPostgres;

class SharedServersIT {
    @Test
    void everyDatabaseIsNewAndEmptyOnOneServer() throws SQLException {
        TestDatabase first = SharedPostgres.newDatabase();
        try (Connection connection = first.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE only_here (word text)");
        }

        TestDatabase second = SharedPostgres.newDatabase();

        assertThat(second.name()).isNotEqualTo(first.name());
        assertThat(tables(first)).containsExactly("only_here");
        assertThat(tables(second)).isEmpty();
        assertThat(second.jdbcUrl()).contains(":" + SharedPostgres.server().port() + "/");
    }

    @Test
    void oneBrokerServesAllTests() {
        String topic = SharedKafka.newTopicName("orders");
        SharedKafka.broker().createTopic(topic, 2, Map.of());

        assertThat(topic).startsWith("orders-");
        assertThat(SharedKafka.newTopicName("orders")).isNotEqualTo(topic);
        assertThat(SharedKafka.bootstrapServers())
                .isEqualTo("127.0.0.1:" + SharedKafka.broker().port());
        assertThat(SharedKafka.broker().deleteTopic(topic)).isTrue();
    }

    @Test
    void whatAKilledTestJvmLeftIsCleanedUpByTheNextAndWhatALivingOneHoldsIsNot() throws Exception {
        String prefix = "txlookup-sweep-test-";
        Path abandoned = Files.createTempDirectory(prefix);
        Files.createFile(abandoned.resolve("held-by-a-test-jvm"));
        LocalPostgres orphan = LocalPostgres.start(SharedPostgres.settings(abandoned.resolve("data")));
        List<Path> cleaned = new ArrayList<>();

        Path own = TestFolders.newFolder(prefix, cleaned::add);

        assertThat(cleaned).containsExactly(abandoned);

        EmbeddedServers.cleanUpPostgres(abandoned);
        assertThat(orphan.isRunning()).isFalse();
        assertThat(abandoned).doesNotExist();

        Path next = TestFolders.newFolder(prefix, cleaned::add);
        assertThat(cleaned).as("not the folder that this JVM holds").doesNotContain(own);
        TestFolders.delete(own);
        TestFolders.delete(next);
    }

    private static List<String> tables(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                ResultSet rows = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString("TABLE_NAME"));
            }
            return names;
        }
    }
}
