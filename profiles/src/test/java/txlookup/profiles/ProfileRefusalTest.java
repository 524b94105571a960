package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** Each rule refuses what it should, alone, and accepts the value next to it. */
class ProfileRefusalTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # profile    | property                                | refused                            | accepted
            local        | stage                                   | production                         | local
            local        | naming.owner                            | Kim                                | kim
            local        | naming.owner                            | kim-2                              | kim2
            local        | naming.env                              | t\u00e4st                          | test
            local        | naming.ttl                              | 2026-13-01                         | 2026-12-01
            local        | naming.ttl                              | tomorrow                           | 2026-12-01
            local        | region                                  | Korea Central                      | koreacentral
            local        | database.port                           | 0                                  | 1
            local        | database.port                           | 65536                              | 65535
            local        | database.port                           | 1.5                                | 2
            local        | database.name                           | a-b                                | a_b
            local        | database.sslMode                        | allow                              | prefer
            local        | database.statementTimeout               | 0s                                 | 1ms
            local        | database.statementTimeout               | 30                                 | 30s
            local        | database.poolSize                       | 501                                | 500
            local        | database.nodes                          | 1                                  | 2
            local        | database.nodes                          | 21                                 | 20
            local        | database.partitions                     | 3                                  | 16
            local        | database.partitions                     | 128                                | 64
            local        | database.readUrl                        | jdbc:postgresql://me:secret@db/x   | jdbc:postgresql://db:5432/x
            local        | database.readUrl                        | jdbc:postgresql://db/x?user=me     | jdbc:postgresql://db/x
            local        | messaging.bootstrapServers              | broker                             | broker:9092
            local        | messaging.bootstrapServers              | broker:9092,other:65536            | broker:9092,other:65535
            local        | messaging.security                      | sasl                               | SAS
            local        | messaging.partitions                    | 0                                  | 1
            local        | messaging.retention                     | 135m                               | 136m
            local        | messaging.client.session.timeout.ms     | 5999                               | 9000
            local        | messaging.client.max.poll.interval.ms   | 30000                              | 30001
            local        | messaging.client.heartbeat.interval.ms  | 10001                              | 10000
            local        | messaging.client.auto.offset.reset      | latest                             | none
            local        | messaging.client.auto.offset.reset      | earliest                           | none
            local        | messaging.client.enable.auto.commit     | true                               | false
            local        | messaging.client.group.protocol         | streams                            | consumer
            local        | api.trustedProxies                      | 10.0.0.0/7                         | 10.0.0.0/8
            local        | api.trustedProxies                      | 10.0.0.256                         | 10.0.0.255
            local        | api.trustedProxies                      | ::/0                               | fd00::/8
            local        | api.trustedProxies                      | 10.0.0.0/8,dead.beef               | 10.0.0.0/8,::1
            local        | api.trustedProxies                      | 1:2:3:4:5:6:7                      | 1:2:3:4:5:6:7:8
            local        | api.discardByTwo                        | twice                              | true
            local        | messaging.producer.acks                 | 1                                  | all
            local        | messaging.producer.enable.idempotence   | false                              | true
            local        | messaging.producer.compression.type     | brotli                             | zstd
            cloud-test   | messaging.client.metadata.max.age.ms    | 240000                             | 239999
            cloud-test   | messaging.client.connections.max.idle.ms| 240000                             | 239999
            cloud-test   | messaging.client.request.timeout.ms     | 20000                              | 20001
            cloud-test   | messaging.client.group.protocol         | consumer                           | classic
            cloud-secure | messaging.client.connections.max.idle.ms| 540000                             | 180000
            cloud-secure | messaging.client.request.timeout.ms     | 15000                              | 30000
            cloud-test   | messaging.producer.max.request.size     | 1046528                            | 1046527
            cloud-test   | messaging.producer.compression.type     | zstd                               | gzip
            cloud-test   | messaging.security                      | PLAINTEXT                          | ENTRA
            cloud-test   | messaging.bootstrapServers              | team4-txlookup-eh-kim-test.servicebus.windows.net:9093 | team4-txlookup-eh-2dt026-test.servicebus.windows.net:9093
            local        | events.ledgerTopic                      | payment.order.upserted             | mine
            local        | events.paymentOrderTopic                | ledger.entry.upserted              | mine
            local        | events.ledgerTopic                      | a b                                | a-b
            local        | events.profile                          | none                               | debezium-v1
            local        | consumer.pollMaxRecords                 | 10001                              | 10000
            local        | consumer.batchMaxRecords                | 4999                               | 5001
            local        | consumer.batchMaxBytes                  | 8MB                                | 8MiB
            local        | consumer.maxDeadShare                   | 0                                  | 0.01
            local        | consumer.maxDeadShare                   | 1.1                                | 1
            local        | consumer.retryInitialBackoff            | 31s                                | 30s
            local        | backfill.source                         | jdbc                               | ndjson
            local        | backfill.jdbc.url                       | jdbc:postgresql://h/d?password=x   | jdbc:postgresql://h/d?ssl=true
            local        | backfill.jdbc.url                       | jdbc:postgresql://u:p@h/d          | jdbc:oracle:thin:@//h:1521/s
            local        | backfill.jdbc.url                       | http://h/d                         | jdbc:postgresql://h/d
            local        | backfill.jdbc.ledgerTable               | a;drop                             | a_b
            local        | backfill.asOf                           | 2026-11-21                         | 2026-11-21T00:00:00Z
            local        | backfill.asOf                           | 2026-02-30T00:00:00Z               | 2026-02-28T00:00:00Z
            local        | cutover.settling                        | 30                                 | 30s
            local        | cutover.margin                          | 4305m                              | 70h
            cloud-test   | api.auth.mode                           | disabled                           | oidc
            cloud-secure | api.auth.mode                           | disabled                           | oidc
            cloud-test   | api.auth.issuer                         | http://login.example.org           | https://login.example.org
            local        | api.auth.issuer                         | login.example.org                  | http://login.example.org
            local        | api.cursorSecretVariable                | not a name                         | A_NAME
            local        | api.limits.requestsPerSecond            | -1                                 | 0
            local        | secrets.mode                            | key-vault                          | environment
            cloud-secure | secrets.mode                            | environment                        | key-vault
            cloud-test   | database.sslMode                        | prefer                             | require
            local        | telemetry.exporter                      | otlp                               | azure-monitor
            local        | telemetry.exporter                      | prometheus                         | none
            local        | telemetry.endpoint                      | collector:4318                     | http://collector:4318
            local        | telemetry.sampleRatio                   | 1.1                                | 1
            local        | generation                              | 0                                  | 1
            local        | generation                              | 1000000                            | 999999
            local        | generation                              | 20261321010733                     | 20261121010733
            local        | local.dataFolder                        | ''                                 | data
            """)
    void ruleRefusesAndAcceptsTheNextValue(String profile, String property, String refused, String accepted) {
        LoadedProfiles loading = new LoadedProfiles(folder);

        assertThat(loading.refusal(profile, with(profile, property, refused)))
                .extracting(ProfileProblem::field)
                .as("%s=%s in %s", property, refused, profile)
                .isNotEmpty()
                .allSatisfy(field -> assertThat(related(property)).contains(field));
        loading.load(profile, with(profile, property, accepted));
    }

    @ParameterizedTest
    @CsvSource({
        "cloud-test, naming.ttl",
        "cloud-test, naming.owner",
        "cloud-secure, naming.env",
        "cloud-test, region",
        "cloud-test, database.passwordVariable",
        "cloud-secure, api.cursorSecretVariable"
    })
    void whatACloudStageNeedsMustBeThere(String stage, String property) throws IOException {
        Map<String, String> needs = new HashMap<>(Map.of(
                "stage", stage,
                "naming.owner", "kim",
                "naming.env", "dev",
                "naming.ttl", "2026-12-31",
                "region", "koreacentral",
                "database.passwordVariable", "PW",
                "messaging.security", "ENTRA",
                "secrets.mode", "key-vault",
                "api.cursorSecretVariable", "CURSOR"));
        if (stage.equals("cloud-secure")) {
            needs.remove("naming.ttl");
        }
        Files.writeString(folder.resolve("empty.yaml"), "naming: {}\n");
        LoadedProfiles loading = new LoadedProfiles(folder);
        loading.load("empty.yaml", needs);
        needs.remove(property);

        assertThat(loading.refusal("empty.yaml", needs)).singleElement().satisfies(problem -> assertThat(problem.line())
                .startsWith(property + ": saw nothing")
                .contains("--set " + property + "="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-test", "cloud-secure"})
    void inTheCloudASourceThatIsReadByTheRunNeedsItsSettling(String stage) {
        LoadedProfiles loading = new LoadedProfiles(folder);
        Map<String, String> jdbc = LoadedProfiles.cloudFlags(
                "backfill.source", "jdbc",
                "backfill.jdbc.url", "jdbc:postgresql://core/payments",
                "backfill.jdbc.user", "reader");
        if (stage.equals("cloud-secure")) {
            LoadedProfiles.withoutTtl(jdbc);
        }

        assertThat(loading.refusal(stage, jdbc)).singleElement().satisfies(problem -> assertThat(problem.line())
                .startsWith("cutover.settling: saw nothing")
                .contains("longest transaction", "in stage " + stage, "--set cutover.settling="));
        jdbc.put("cutover.settling", "0s");
        assertThat(loading.load(stage, jdbc).cutover().settling()).isZero();
    }

    @Test
    void aLoginByPasswordNamesItsKafkaAndWhoLogsIn() {
        LoadedProfiles loading = new LoadedProfiles(folder);
        Map<String, String> login = LoadedProfiles.flags("messaging.security", "SCRAM");

        assertThat(loading.refusal("local", login))
                .extracting(ProfileProblem::line)
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith("messaging.bootstrapServers")
                                .contains("another Kafka", "messaging.security is SCRAM"),
                        line -> assertThat(line).startsWith("messaging.user").contains("who logs in"));
        login.put("messaging.bootstrapServers", "kafka.example:9094");
        login.put("messaging.user", "txlookup");
        assertThat(loading.load("local", login).secretNames()).contains("TXLOOKUP_KAFKA_PASSWORD");
    }

    @Test
    void citusPartsTheTablesItself() {
        LoadedProfiles loading = new LoadedProfiles(folder);
        Map<String, String> both = LoadedProfiles.flags("database.distribution", "citus", "database.partitions", "2");

        assertThat(loading.refusal("local", both)).singleElement().satisfies(problem -> assertThat(problem.line())
                .startsWith("database.partitions: saw 2")
                .contains("database.distribution is citus"));
        both.put("database.partitions", "1");
        assertThat(loading.load("local", both).database().distribution()).isEqualTo(Distribution.CITUS);
    }

    @Test
    void aClusterHasNoReplica() {
        LoadedProfiles loading = new LoadedProfiles(folder);
        Map<String, String> both = LoadedProfiles.flags(
                "database.distribution", "citus", "database.readUrl", "jdbc:postgresql://replica:5432/txlookup");

        assertThat(loading.refusal("local", both)).singleElement().satisfies(problem -> assertThat(problem.line())
                .startsWith("database.readUrl: saw ")
                .contains("database.distribution is citus"));
        both.put("database.distribution", "none");
        assertThat(loading.load("local", both).database().readUrl()).isPresent();
    }

    @Test
    void theAnchorIsNoSettingAnyMore() {
        assertThat(new LoadedProfiles(folder).refusal("local", LoadedProfiles.flags("cutover.anchor", "position")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("cutover.anchor"));
    }

    private static Map<String, String> with(String profile, String property, String value) {
        return switch (profile) {
            case "local" -> LoadedProfiles.flags(property, value);
            case "cloud-secure" -> LoadedProfiles.withoutTtl(LoadedProfiles.cloudFlags(property, value));
            default -> LoadedProfiles.cloudFlags(property, value);
        };
    }

    /** A rule between two properties reports the one that its message can explain best. */
    private static List<String> related(String property) {
        return switch (property) {
            case "messaging.client.max.poll.interval.ms" -> List.of("messaging.client.session.timeout.ms");
            case "consumer.batchMaxRecords" -> List.of("consumer.pollMaxRecords");
            case "cutover.margin" -> List.of("messaging.retention");
            case "backfill.source" -> List.of("backfill.jdbc.url", "backfill.jdbc.user");
            case "telemetry.exporter" -> List.of(property, "telemetry.endpoint");
            default -> List.of(property);
        };
    }
}
