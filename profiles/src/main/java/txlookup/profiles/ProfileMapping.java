package txlookup.profiles;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.ApiSettings;
import txlookup.profiles.settings.AuditSettings;
import txlookup.profiles.settings.AuthMode;
import txlookup.profiles.settings.AuthSettings;
import txlookup.profiles.settings.BackfillSettings;
import txlookup.profiles.settings.BackfillSource;
import txlookup.profiles.settings.ConsumerSettings;
import txlookup.profiles.settings.CutoverSettings;
import txlookup.profiles.settings.DataSize;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.DatabaseSettings;
import txlookup.profiles.settings.DatabaseSettings.Distribution;
import txlookup.profiles.settings.EventSettings;
import txlookup.profiles.settings.LocalSettings;
import txlookup.profiles.settings.MessagingSecurity;
import txlookup.profiles.settings.MessagingSettings;
import txlookup.profiles.settings.ServingSettings;
import txlookup.profiles.settings.SignInSettings;
import txlookup.profiles.settings.TelemetrySettings;

/** Turns settings with which nothing is wrong into records. */
final class ProfileMapping {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int POSTGRES_PORT = 5432;

    private final Settings settings;
    private final Stage stage;
    private final Naming naming;

    ProfileMapping(Settings settings, Stage stage, Naming naming) {
        this.settings = settings;
        this.stage = stage;
        this.naming = naming;
    }

    Profile profile(String origin, EventSettings events) {
        return new Profile(
                origin,
                stage,
                naming,
                settings.text("region"),
                database(),
                messaging(),
                events,
                consumer(),
                backfill(),
                new CutoverSettings(
                        duration("cutover.overlap"),
                        settings.duration("cutover.settling").orElse(Duration.ZERO),
                        duration("cutover.margin")),
                new ServingSettings(
                        duration("serving.compareAge"),
                        duration("serving.rollbackWindow"),
                        duration("serving.watch"),
                        duration("serving.candidateTimeout")),
                api(),
                new AuditSettings(duration("audit.retention"), settings.text("audit.exportTo")),
                constant(SecretsMode.class, "secrets.mode"),
                new TelemetrySettings(
                        constant(TelemetrySettings.Exporter.class, "telemetry.exporter"),
                        settings.text("telemetry.endpoint").map(URI::create),
                        share("telemetry.sampleRatio")),
                settings.integer("generation").map(GenerationNumber::new),
                new LocalSettings(
                        Path.of(text("local.dataFolder")),
                        integer("local.kafkaPort"),
                        integer("local.postgresPort"),
                        integer("local.issuerPort"),
                        integer("local.apiProcesses")));
    }

    private DatabaseSettings database() {
        return new DatabaseSettings(
                settings.text("database.host")
                        .orElseGet(() -> stage.isCloud() ? new Names(naming).postgresHost() : LOOPBACK),
                settings.integer("database.port")
                        .map(Math::toIntExact)
                        .orElseGet(() -> stage.isCloud() ? POSTGRES_PORT : integer("local.postgresPort")),
                text("database.name"),
                text("database.user"),
                settings.text("database.passwordVariable"),
                text("database.sslMode"),
                integer("database.poolSize"),
                duration("database.statementTimeout"),
                constant(DatabaseLogin.class, "database.login"),
                constant(Distribution.class, "database.distribution"),
                integer("database.nodes"),
                integer("database.partitions"),
                settings.text("database.readUrl"));
    }

    private MessagingSettings messaging() {
        return new MessagingSettings(
                settings.text("messaging.bootstrapServers")
                        .orElseGet(() -> stage.isCloud()
                                ? new Names(naming).eventHubsBootstrapServers()
                                : LOOPBACK + ":" + integer("local.kafkaPort")),
                constant(MessagingSecurity.class, "messaging.security"),
                text("messaging.connectionStringVariable"),
                settings.text("messaging.user"),
                text("messaging.passwordVariable"),
                integer("messaging.partitions"),
                duration("messaging.retention"),
                settings.section("messaging.client"),
                settings.section("messaging.producer"));
    }

    private ConsumerSettings consumer() {
        return new ConsumerSettings(
                integer("consumer.batchMaxRecords"),
                DataSize.parse(text("consumer.batchMaxBytes")),
                duration("consumer.batchInterval"),
                integer("consumer.pollMaxRecords"),
                share("consumer.maxDeadShare"),
                integer("consumer.crashTries"),
                text("consumer.bindAddress"),
                integer("consumer.port"),
                duration("consumer.retryInitialBackoff"),
                duration("consumer.retryMaxBackoff"),
                settings.text("consumer.member"));
    }

    private BackfillSettings backfill() {
        BackfillSource source = text("backfill.source").equals("jdbc")
                ? new BackfillSource.Jdbc(
                        text("backfill.jdbc.url"),
                        text("backfill.jdbc.user"),
                        settings.text("backfill.jdbc.passwordVariable"),
                        text("backfill.jdbc.schema"),
                        text("backfill.jdbc.ledgerTable"),
                        text("backfill.jdbc.paymentOrderTable"),
                        settings.text("backfill.jdbc.ledgerQuery"),
                        settings.text("backfill.jdbc.paymentOrderQuery"),
                        integer("backfill.jdbc.fetchSize"))
                : new BackfillSource.Ndjson(
                        settings.text("backfill.ndjson.ledgerEntries"), settings.text("backfill.ndjson.paymentOrders"));
        return new BackfillSettings(
                integer("backfill.chunkRows"),
                DataSize.parse(text("backfill.chunkBytes")),
                integer("backfill.decodeThreads"),
                source,
                settings.text("backfill.asOf").map(Instant::parse),
                new BackfillSettings.Throttle(
                        settings.text("backfill.throttle.apiMetrics").map(URI::create),
                        duration("backfill.throttle.apiLatencyP95"),
                        settings.text("backfill.throttle.consumerMetrics").map(URI::create),
                        integer("backfill.throttle.streamLag"),
                        duration("backfill.throttle.longestWait")));
    }

    private ApiSettings api() {
        return new ApiSettings(
                text("api.bindAddress"),
                integer("api.port"),
                settings.text("api.trustedProxies")
                        .map(text -> List.of(text.split(", *")))
                        .orElse(List.of()),
                new AuthSettings(
                        constant(AuthMode.class, "api.auth.mode"),
                        settings.text("api.auth.issuer").map(URI::create),
                        settings.text("api.auth.audience"),
                        settings.text("api.auth.jwksUri").map(URI::create),
                        duration("api.auth.clockSkew"),
                        new SignInSettings(
                                settings.text("api.auth.signIn.clientId"),
                                settings.text("api.auth.signIn.clientSecretVariable"),
                                duration("api.auth.signIn.idle"),
                                duration("api.auth.signIn.longest"),
                                duration("api.auth.signIn.fresh"))),
                new ApiSettings.Limits(
                        integer("api.limits.requestsPerSecond"),
                        integer("api.limits.burst"),
                        duration("api.limits.queryTimeout")),
                duration("api.shutdownNotice"),
                settings.truth("api.maskPersonal").orElseThrow(() -> absent("api.maskPersonal")),
                settings.truth("api.discardByTwo").orElseThrow(() -> absent("api.discardByTwo")),
                settings.text("api.cursorSecretVariable"));
    }

    private String text(String path) {
        return settings.text(path).orElseThrow(() -> absent(path));
    }

    private int integer(String path) {
        return Math.toIntExact(settings.integer(path).orElseThrow(() -> absent(path)));
    }

    private double share(String path) {
        return settings.decimal(path).orElseThrow(() -> absent(path)).doubleValue();
    }

    private Duration duration(String path) {
        return settings.duration(path).orElseThrow(() -> absent(path));
    }

    private <E extends Enum<E>> E constant(Class<E> type, String path) {
        return Enum.valueOf(type, text(path).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static IllegalStateException absent(String path) {
        return new IllegalStateException(path + " has no value although the profile passed its checks");
    }
}
