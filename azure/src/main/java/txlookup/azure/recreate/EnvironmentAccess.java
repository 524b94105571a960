package txlookup.azure.recreate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.azure.arm.RolesHold;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.poll.KafkaClients;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.platform.StorePools;

/** How the process that makes or judges an environment reaches its database and its log, once both are there. */
final class EnvironmentAccess implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final Profile profile;
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final Endpoints endpoints;
    private final Sleeper waiting;
    private final Secret password;
    private final @Nullable Secret brokerPassword;
    private final AdminConnection store;
    private final StorePools pools;
    private @Nullable Secret connectionString;
    private Map<String, Object> broker = Map.of();

    /** @param secrets by variable, those of {@link ContainerSecrets#requiredToReach} among them */
    EnvironmentAccess(
            Profile profile,
            EnvironmentParameters parameters,
            EnvironmentResources resources,
            Endpoints endpoints,
            Sleeper waiting,
            Map<String, Secret> secrets) {
        this.profile = profile;
        this.parameters = parameters;
        this.resources = resources;
        this.endpoints = endpoints;
        this.waiting = waiting;
        ContainerSecrets names = new ContainerSecrets(profile);
        this.password = secrets.get(names.databasePassword());
        this.brokerPassword = parameters.ownsNamespace() ? null : secrets.get(names.broker());
        this.store = new AdminConnection(profile, endpoints);
        this.pools = new StorePools(store::pool, this::openGeneration);
    }

    /** The connection string that may listen; empty where everybody logs in by token. */
    Optional<Secret> connectionString() throws IOException, InterruptedException {
        if (connectionString == null && parameters.sharedAccess()) {
            connectionString = new Secret(resources.connectionString(EnvironmentParameters.LISTEN_RULE));
        }
        return Optional.ofNullable(connectionString);
    }

    /** Reaches the log; a role that was assigned a moment ago is waited for. */
    void openLog() throws IOException, InterruptedException {
        requireHandshake();
        if (!parameters.ownsNamespace()) {
            requireTopics();
        } else if (!parameters.sharedAccess()) {
            new RolesHold(waiting).await("Azure Event Hubs Data Owner", this::askBroker);
        }
    }

    /**
     * Asked before the first client of the log: where its handshake is reset, it would only ask again until time is up.
     *
     * @throws txlookup.consumer.poll.OlderClientWantedException when the log speaks with an older client and not with this
     */
    void requireHandshake() throws IOException, InterruptedException {
        broker = parameters.ownsNamespace()
                ? endpoints.broker(
                        profile.messaging().adminProperties(),
                        serviceBusEndpoint(),
                        connectionString().orElse(null))
                : endpoints.otherKafka(profile.messaging().adminProperties(), brokerPassword);
        KafkaClients.requireHandshake(broker);
    }

    /** Nobody makes topics at another Kafka: they are those that the producers write to. */
    private void requireTopics() {
        try {
            askBroker();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Kafka at %s does not give the ends of %s and %s to %s: %s. Make the topics, and let that user read and describe them."
                            .formatted(
                                    profile.messaging().bootstrapServers(),
                                    profile.ledgerTopic(),
                                    profile.paymentOrderTopic(),
                                    profile.messaging().user().orElseThrow(),
                                    e.getMessage()),
                    e);
        }
    }

    private void askBroker() {
        try (CutoverOffsets offsets = new CutoverOffsets(broker)) {
            offsets.atEnd(List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        }
    }

    /** Reaches the database, and lets the jobs' identity in, which the server was made with. */
    void openStore() throws IOException, InterruptedException, SQLException {
        store.open(host(), administrator(), password, List.of(parameters.name(AzureKind.IDENTITY)));
    }

    /** Lets the identities in whose roles the migrate job made: of the services, and of what works from within. */
    void admitServices() throws IOException, InterruptedException, SQLException {
        List<String> identities = new ArrayList<>(
                List.of(parameters.name(AzureKind.CONSUMER_IDENTITY), parameters.name(AzureKind.API_IDENTITY)));
        if (parameters.fromWithin()) {
            identities.add(parameters.identityName(AppsPart.WITHIN));
        }
        store.share(host(), administrator(), password, identities);
    }

    /** The server's own, since from within the profile's user is the identity that every other command logs in as. */
    private String administrator() throws IOException, InterruptedException {
        return resources
                .properties(AzureKind.POSTGRES)
                .path("administratorLogin")
                .asString(profile.database().user());
    }

    private String host() throws IOException, InterruptedException {
        return resources
                .properties(AzureKind.POSTGRES)
                .path("fullyQualifiedDomainName")
                .asString();
    }

    private HikariDataSource openGeneration(long number) {
        return StoreConnections.generation(
                number,
                store.pool().getJdbcUrl(),
                store.pool().getUsername(),
                password.reveal(),
                profile.database().poolSize(),
                CONNECT,
                profile.database().statementTimeout());
    }

    HikariDataSource control() {
        return pools.control();
    }

    HikariDataSource store(long generation) {
        return pools.generation(generation);
    }

    Map<String, Object> broker() {
        return broker;
    }

    /** Synthetic events are for what is disposable only; a secured environment has its own producers. */
    Optional<Map<String, Object>> publisher(long payments) throws IOException, InterruptedException {
        if (profile.stage() != Stage.CLOUD_TEST || payments == 0) {
            return Optional.empty();
        }
        if (!parameters.ownsNamespace()) {
            return Optional.of(endpoints.otherKafka(profile.messaging().producerProperties(), brokerPassword));
        }
        return Optional.of(endpoints.broker(
                profile.messaging().producerProperties(),
                serviceBusEndpoint(),
                new Secret(resources.connectionString(EnvironmentResources.EVERYTHING_RULE))));
    }

    /** Where the namespace answers in its own protocol; empty for what has Kafka's only: another Kafka, and this machine's stand-in. */
    Optional<String> namespace() throws IOException, InterruptedException {
        if (!parameters.ownsNamespace()) {
            return Optional.empty();
        }
        URI endpoint = URI.create(serviceBusEndpoint());
        return Endpoints.isHere(endpoint) ? Optional.empty() : Optional.of(endpoint.getHost());
    }

    private String serviceBusEndpoint() throws IOException, InterruptedException {
        return resources
                .properties(AzureKind.EVENT_HUBS)
                .path("serviceBusEndpoint")
                .asString();
    }

    @Override
    public void close() {
        pools.close();
        store.close();
    }
}
