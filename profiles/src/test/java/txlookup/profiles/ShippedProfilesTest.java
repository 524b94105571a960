package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.AuthMode;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.LocalSettings;
import txlookup.profiles.settings.MessagingSecurity;

class ShippedProfilesTest {

    @TempDir
    Path folder;

    @Test
    void localRunsWithNoInputs() {
        Profile profile = new LoadedProfiles(folder).local();

        assertThat(profile.stage()).isEqualTo(Stage.LOCAL);
        assertThat(profile.naming())
                .isEqualTo(new Naming("team4", "txlookup", "tx", "local", "local", "l", Optional.empty()));
        assertThat(profile.api().bindAddress()).isEqualTo("127.0.0.1");
        assertThat(profile.api().port()).isEqualTo(8080);
        assertThat(profile.api().auth().mode()).isEqualTo(AuthMode.DISABLED);
        assertThat(profile.consumer().bindAddress()).isEqualTo("127.0.0.1");
        assertThat(profile.consumer().port()).isEqualTo(8081);
        assertThat(profile.messaging().bootstrapServers()).isEqualTo("127.0.0.1:19092");
        assertThat(profile.messaging().security()).isEqualTo(MessagingSecurity.PLAINTEXT);
        assertThat(profile.database().jdbcUrl())
                .isEqualTo("jdbc:postgresql://127.0.0.1:15432/txlookup?sslmode=disable");
        assertThat(profile.local()).isEqualTo(new LocalSettings(Path.of(".txlookup"), 19092, 15432, 18089, 1));
        assertThat(profile.secrets()).isEqualTo(SecretsMode.ENVIRONMENT);
        assertThat(profile.secretNames()).containsExactly("TXLOOKUP_DATABASE_PASSWORD", "TXLOOKUP_CURSOR_SECRET");
        assertThat(profile.generation()).isEmpty();
        assertThat(profile.ledgerTopic()).isEqualTo("ledger.entry.upserted");
        assertThat(profile.paymentOrderTopic()).isEqualTo("payment.order.upserted");
        profile.requireReadyToServe();
    }

    @Test
    void everyShippedProfileCarriesTheKafkaSettingsThatEventHubsNeeds() {
        LoadedProfiles loading = new LoadedProfiles(folder);

        for (Profile profile : new Profile[] {loading.local(), loading.cloudTest(), loading.cloudSecure()}) {
            assertThat(profile.messaging().client())
                    .containsExactly(
                            Map.entry("metadata.max.age.ms", "5000"),
                            Map.entry("connections.max.idle.ms", "180000"),
                            Map.entry("request.timeout.ms", "60000"),
                            Map.entry("session.timeout.ms", "30000"),
                            Map.entry("heartbeat.interval.ms", "3000"),
                            Map.entry("max.poll.interval.ms", "300000"),
                            Map.entry("fetch.max.wait.ms", "50"),
                            Map.entry("receive.buffer.bytes", "-1"),
                            Map.entry("fetch.max.bytes", "16777216"),
                            Map.entry("max.partition.fetch.bytes", "4194304"),
                            Map.entry("group.protocol", "classic"),
                            Map.entry("enable.auto.commit", "false"),
                            Map.entry("auto.offset.reset", "none"));
            assertThat(profile.messaging().producer())
                    .containsExactly(
                            Map.entry("max.request.size", "1000000"),
                            Map.entry("acks", "all"),
                            Map.entry("enable.idempotence", "true"),
                            Map.entry("compression.type", "none"));
        }
    }

    @Test
    void cloudTestFindsItsServersByItsNames() {
        Profile profile = new LoadedProfiles(folder).cloudTest();

        assertThat(profile.stage()).isEqualTo(Stage.CLOUD_TEST);
        assertThat(profile.naming().envShort()).isEqualTo("t");
        assertThat(profile.naming().ttl()).contains(LocalDate.parse("2026-12-31"));
        assertThat(profile.region()).isPresent();
        assertThat(profile.database().host()).isEqualTo("team4-txlookup-pg-2dt026-test.postgres.database.azure.com");
        assertThat(profile.database().port()).isEqualTo(5432);
        assertThat(profile.database().jdbcUrl()).contains("sslmode=verify-full", "DefaultJavaSSLFactory");
        assertThat(profile.messaging().bootstrapServers())
                .isEqualTo("team4-txlookup-eh-2dt026-test.servicebus.windows.net:9093");
        assertThat(profile.messaging().consumerProperties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("auto.offset.reset", "none");
        assertThat(profile.messaging().partitions()).isEqualTo(2);
        assertThat(profile.messaging().retention()).isEqualTo(Duration.ofDays(3));
        assertThat(profile.api().auth().mode()).isEqualTo(AuthMode.OIDC);
        assertThat(profile.secretNames())
                .containsExactly(
                        "TXLOOKUP_DATABASE_PASSWORD",
                        "TXLOOKUP_EVENT_HUBS_CONNECTION_STRING",
                        "TXLOOKUP_CURSOR_SECRET");
    }

    @Test
    void cloudSecureUsesItsIdentityAndItsVaultAndNeedsNoTtl() {
        Profile profile =
                new LoadedProfiles(folder).load("cloud-secure", LoadedProfiles.flags("owner", "2dt026", "env", "prod"));

        assertThat(profile.stage()).isEqualTo(Stage.CLOUD_SECURE);
        assertThat(profile.naming().ttl()).isEmpty();
        assertThat(profile.names().tags()).doesNotContainKey("ttl");
        assertThat(profile.secrets()).isEqualTo(SecretsMode.KEY_VAULT);
        assertThat(profile.messaging().producerProperties())
                .containsEntry("sasl.mechanism", "OAUTHBEARER")
                .containsEntry("acks", "all")
                .containsEntry("request.timeout.ms", "60000")
                .doesNotContainKey("auto.offset.reset");
        assertThat(profile.messaging().adminProperties()).doesNotContainKey("acks");
        assertThat(profile.database().login()).isEqualTo(DatabaseLogin.ENTRA);
        assertThat(profile.secretNames())
                .as("no process of it knows a password of the database")
                .containsExactly("TXLOOKUP_CURSOR_SECRET");
    }

    /** A ttl on what is secured is what a sweep looks for; a variable left over from stage A must not set one. */
    @Test
    void theSecuredStageTakesNoTtl() {
        assertThat(new LoadedProfiles(folder)
                        .refusal(
                                "cloud-secure",
                                LoadedProfiles.flags("owner", "kim", "env", "prod", "naming.ttl", "2026-12-31")))
                .extracting(ProfileProblem::line)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("naming.ttl: saw \"2026-12-31\"")
                        .contains("none in stage cloud-secure", "TXLOOKUP_NAMING_TTL"));
    }

    @Test
    void cloudProfilesSayWhichInputsAreMissingAndHowToGiveThem() {
        for (String name : new String[] {"cloud-test", "cloud-secure"}) {
            assertThat(new LoadedProfiles(folder)
                            .refusal(
                                    name,
                                    name.equals("cloud-test")
                                            ? LoadedProfiles.flags("naming.ttl", "2026-12-31")
                                            : LoadedProfiles.flags()))
                    .extracting(ProfileProblem::line)
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line)
                                    .startsWith("naming.owner: saw nothing")
                                    .contains("--owner", "TXLOOKUP_OWNER", "TXLOOKUP_NAMING_OWNER", "file", name),
                            line -> assertThat(line)
                                    .startsWith("naming.env: saw nothing")
                                    .contains("--env", "TXLOOKUP_ENV", "TXLOOKUP_NAMING_ENV", "file", name));
        }
    }

    @Test
    void apiOfACloudProfileDoesNotServeWithoutIssuerAndAudience() {
        LoadedProfiles loading = new LoadedProfiles(folder);
        Profile without = loading.cloudTest();

        assertThat(catchThrowableOfType(ProfileException.class, without::requireReadyToServe)
                        .problems())
                .extracting(ProfileProblem::field)
                .containsExactly("api.auth.issuer", "api.auth.audience");
        loading.cloudTest("api.auth.issuer", "https://login.example.org/v2.0", "api.auth.audience", "api://txlookup")
                .requireReadyToServe();
    }
}
