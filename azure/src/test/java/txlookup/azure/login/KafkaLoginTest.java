package txlookup.azure.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.MessagingSettings;

/** Logins, as the Kafka client itself reads them. */
class KafkaLoginTest {
    private static final OffsetDateTime END = OffsetDateTime.of(2026, 11, 21, 10, 0, 0, 0, ZoneOffset.UTC);

    @Test
    void aConnectionStringReachesTheLoginAsItIs() {
        String awkward = "Endpoint=sb://x/;SharedAccessKeyName=listen;SharedAccessKey=a\"b\\c=;";
        Map<String, Object> settings = KafkaLogin.withConnectionString(new Secret(awkward));
        JaasContext read = JaasContext.loadClientContext(
                Map.of("sasl.jaas.config", new Password((String) settings.get("sasl.jaas.config"))));
        Map<String, ?> options = read.configurationEntries().get(0).getOptions();
        assertThat(options.get("username")).isEqualTo("$ConnectionString");
        assertThat(options.get("password")).isEqualTo(awkward);
        assertThat(settings).containsEntry("sasl.mechanism", "PLAIN");
    }

    @Test
    void aUserOfAnotherKafkaLogsInWithItsPassword() {
        MessagingSettings messaging = new ProfileLoader(Path.of(""), Map.of())
                .resolve(
                        "local",
                        Map.of(
                                "messaging.security",
                                "SCRAM",
                                "messaging.bootstrapServers",
                                "kafka.example:9094",
                                "messaging.user",
                                "a\\b"))
                .profile()
                .messaging();
        Map<String, Object> settings = KafkaLogin.of(messaging, new Secret("c\"d"));
        AppConfigurationEntry read = JaasContext.loadClientContext(
                        Map.of("sasl.jaas.config", new Password((String) settings.get("sasl.jaas.config"))))
                .configurationEntries()
                .get(0);

        assertThat(read.getLoginModuleName()).isEqualTo(ScramLoginModule.class.getName());
        assertThat(read.getOptions().get("username")).isEqualTo("a\\b");
        assertThat(read.getOptions().get("password")).isEqualTo("c\"d");
        assertThat(messaging.consumerProperties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    }

    @Test
    void anIdentityLogsInWithATokenForItsNamespace() throws Exception {
        List<String> asked = new ArrayList<>();
        EntraCallbackHandler handler = new EntraCallbackHandler(context -> {
            asked.addAll(context.getScopes());
            return Mono.just(new AccessToken("a-token", END));
        });
        handler.configure(
                Map.of("bootstrap.servers", List.of("team4-txlookup-eh-kim-prod.servicebus.windows.net:9093")),
                "OAUTHBEARER",
                List.of());
        OAuthBearerTokenCallback wanted = new OAuthBearerTokenCallback();
        handler.handle(new Callback[] {wanted});
        handler.close();
        assertThat(asked).containsExactly("https://team4-txlookup-eh-kim-prod.servicebus.windows.net/.default");
        assertThat(wanted.token().value()).isEqualTo("a-token");
        assertThat(wanted.token().lifetimeMs()).isEqualTo(END.toInstant().toEpochMilli());
        assertThat(wanted.token().toString()).doesNotContain("a-token");
    }

    @Test
    void withoutATokenItSaysWhatToDoAndWhatItIsNotForIsRefused() {
        EntraCallbackHandler handler =
                new EntraCallbackHandler(context -> Mono.error(new IllegalStateException("nobody is logged in")));
        handler.configure(Map.of("bootstrap.servers", "x.servicebus.windows.net:9093"), "OAUTHBEARER", List.of());
        assertThatThrownBy(() -> handler.handle(new Callback[] {new OAuthBearerTokenCallback()}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("log in")
                .hasMessageContaining("nobody is logged in");
        assertThatThrownBy(() -> handler.handle(new Callback[] {new NameCallback("name")}))
                .isInstanceOf(UnsupportedCallbackException.class);
        assertThatThrownBy(() -> handler.configure(Map.of("bootstrap.servers", "x:9093"), "PLAIN", List.of()))
                .hasMessageContaining("OAUTHBEARER");
    }
}
