package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileLoaderTest {

    private static final String MINIMAL = "stage: local\nnaming: {owner: kim, env: dev}\n";

    @TempDir
    Path folder;

    private LoadedProfiles loading;

    @BeforeEach
    void start() {
        loading = new LoadedProfiles(folder);
    }

    @Test
    void fileIsOverriddenByTheEnvironmentAndThatByFlags() throws IOException {
        String file = write(
                "mine.yaml",
                MINIMAL + "api: {port: 1001, auth: {mode: disabled}}\nconsumer: {port: 2001}\n"
                        + "local: {kafkaPort: 3001}\n");

        Profile profile = loading.with("TXLOOKUP_CONSUMER_PORT", "2002")
                .with("TXLOOKUP_LOCAL_KAFKA_PORT", "3002")
                .load(file, LoadedProfiles.flags("local.kafkaPort", "3003"));

        assertThat(profile.api().port()).isEqualTo(1001);
        assertThat(profile.consumer().port()).isEqualTo(2002);
        assertThat(profile.local().kafkaPort()).isEqualTo(3003);
        assertThat(profile.local().postgresPort()).isEqualTo(15432);
    }

    @Test
    void localServersPortsReachTheirClientsUnlessTheseAreToldOtherwise() {
        Profile moved = loading.local("local.kafkaPort", "1092", "local.postgresPort", "1432");
        Profile elsewhere = loading.local("database.port", "15433", "messaging.bootstrapServers", "broker:9092");

        assertThat(moved.messaging().bootstrapServers()).isEqualTo("127.0.0.1:1092");
        assertThat(moved.database().port()).isEqualTo(1432);
        assertThat(elsewhere.database().port()).isEqualTo(15433);
        assertThat(elsewhere.messaging().bootstrapServers()).isEqualTo("broker:9092");
    }

    @Test
    void shortFormsGiveOwnerAndEnv() {
        Profile byVariables = loading.with("TXLOOKUP_OWNER", "kim")
                .with("TXLOOKUP_ENV", "dev")
                .load("cloud-secure", LoadedProfiles.NO_FLAGS);
        Profile byFlags = loading.with("TXLOOKUP_NAMING_OWNER", "lee")
                .load("cloud-secure", LoadedProfiles.flags("owner", "kim", "env", "dev"));

        assertThat(byVariables.naming()).isEqualTo(byFlags.naming());
        assertThat(byVariables.naming().owner()).isEqualTo("kim");
        assertThat(byVariables.naming().env()).isEqualTo("dev");
    }

    @Test
    void variablesForStartingTheProgramAndForSecretsAreNoProperties() {
        Profile profile = loading.with("TXLOOKUP_HOME", "/opt/txlookup")
                .with("TXLOOKUP_BROKER_LIB", "/opt/lib")
                .with("TXLOOKUP_ISSUER_LIB", "/opt/issuer")
                .with("TXLOOKUP_JAVA", "/opt/java")
                .with("TXLOOKUP_DATABASE_PASSWORD", "x")
                .with("TXLOOKUP_MY_OWN_SECRET", "x")
                .with("OTHER_VARIABLE", "x")
                .local("api.cursorSecretVariable", "TXLOOKUP_MY_OWN_SECRET");

        assertThat(profile.secretNames()).containsExactly("TXLOOKUP_DATABASE_PASSWORD", "TXLOOKUP_MY_OWN_SECRET");
    }

    @Test
    void nameIsAFileOfTheWorkingDirectoryWhereThereIsOne() throws IOException {
        Files.createDirectories(folder.resolve("profiles"));
        write("profiles/local.yaml", MINIMAL + "api: {auth: {mode: disabled}}\n");
        write("profiles/mine.yaml", MINIMAL + "api: {auth: {mode: disabled}}\naudit: {retention: 7d}\n");

        assertThat(loading.local().naming().owner()).isEqualTo("kim");
        assertThat(loading.load("mine", LoadedProfiles.NO_FLAGS).audit().retention())
                .isEqualTo(Duration.ofDays(7));
    }

    private String write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }
}
