package txlookup.rebuild.local;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.CacheFolder;
import txlookup.local.process.Ports;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.DatabaseSettings;

/**
 * PostgreSQL and Kafka of the local environment, by the profile: started, found again, stopped. A database server that the
 * profile names is somebody else's: it is neither started nor stopped, and its database is neither made nor removed.
 */
final class LocalServers {
    /** What the demo's load, and two generations with their pools, need beyond PostgreSQL's small defaults; durability is left as it is. */
    private static final Map<String, String> POSTGRES = Map.of(
            "shared_buffers", "256MB",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "15min",
            "max_connections", "200");

    private final Profile profile;
    private final LocalFolders folders;

    LocalServers(Profile profile, LocalFolders folders) {
        this.profile = profile;
        this.folders = folders;
    }

    /** Starts both, or takes over what runs, and makes database and topics. */
    String start(Secret password) throws IOException {
        CompletableFuture<LocalKafka> kafka = CompletableFuture.supplyAsync(
                () -> LocalKafka.start(kafka()), task -> new Thread(task, "start-kafka").start());
        String database;
        try {
            database = given().orElseGet(() -> ownDatabase(password));
        } catch (RuntimeException e) {
            // A broker that comes up after its starter gave up would be found by nobody who stops what runs.
            kafka.handle((started, failure) -> started).join();
            throw e;
        }
        LocalKafka broker = await(kafka);
        Map<String, String> topic = Map.of(
                "retention.ms", Long.toString(profile.messaging().retention().toMillis()), "cleanup.policy", "delete");
        for (String name : List.of(profile.ledgerTopic(), profile.paymentOrderTopic())) {
            broker.createTopic(name, profile.messaging().partitions(), topic);
        }
        return "PostgreSQL on %s, Kafka on %s".formatted(database, broker.bootstrapServers());
    }

    private String ownDatabase(Secret password) {
        LocalPostgres postgres = LocalPostgres.start(postgres(password));
        postgres.createDatabase(profile.database().name());
        return "127.0.0.1:%d".formatted(postgres.port());
    }

    /** Starts PostgreSQL alone, or takes over what runs. */
    void startPostgres(Secret password) {
        LocalPostgres.start(postgres(password));
    }

    /** Where the profile's database server answers; empty where that is this environment's own. */
    Optional<String> given() {
        DatabaseSettings database = profile.database();
        boolean isOwn = database.host().equals(Ports.LOOPBACK)
                && database.port() == profile.local().postgresPort();
        return isOwn ? Optional.empty() : Optional.of("%s:%d".formatted(database.host(), database.port()));
    }

    private static LocalKafka await(CompletableFuture<LocalKafka> kafka) {
        try {
            return kafka.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** @param wanted whether consumer or API are, which need both */
    List<LocalPart> parts(boolean wanted) {
        // Whether one that is given answers is for those to tell who ask it.
        Optional<String> given = given().filter(address -> wanted).map("%s  named by the profile"::formatted);
        Optional<String> postgres = given.or(
                () -> findPostgres().map(found -> "127.0.0.1:%d  process %d".formatted(found.port(), found.pid())));
        Optional<String> kafka = LocalKafka.find(kafka())
                .map(found -> "%s  process %d".formatted(found.bootstrapServers(), found.pid()));
        boolean both = wanted || postgres.isPresent() || kafka.isPresent();
        return List.of(
                new LocalPart("postgres", postgres, both, folders.log("postgres")),
                new LocalPart("kafka", kafka, both, folders.log("kafka")));
    }

    void stop() {
        LocalKafka.find(kafka()).ifPresent(LocalKafka::stop);
        findPostgres().ifPresent(LocalPostgres::stop);
    }

    /** Stops without waiting for anything to be written; for data that is deleted next. */
    void crash() {
        LocalKafka.find(kafka()).ifPresent(LocalKafka::kill);
        findPostgres().ifPresent(LocalPostgres::crash);
    }

    private Optional<LocalPostgres> findPostgres() {
        // Finding and stopping needs no login.
        return LocalPostgres.find(postgres(new Secret("unused")));
    }

    private PostgresSettings postgres(Secret password) {
        return new PostgresSettings(
                folders.postgres(),
                CacheFolder.ofThisUser(),
                profile.local().postgresPort(),
                profile.database().user(),
                password.reveal(),
                POSTGRES,
                folders.log("postgres"),
                PostgresSettings.USUAL_DEADLINE);
    }

    private KafkaSettings kafka() {
        return new KafkaSettings(
                folders.kafka(),
                CacheFolder.ofThisUser(),
                profile.local().kafkaPort(),
                Map.of(),
                folders.log("kafka"),
                KafkaSettings.USUAL_DEADLINE);
    }
}
