package txlookup.profiles;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.profiles.events.EventProfiles;
import txlookup.profiles.naming.GenerationNumber;
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

/** What full.yaml must be read as. */
final class FullProfile {

    private FullProfile() {}

    static Profile read(String origin) {
        return new Profile(
                origin,
                Stage.CLOUD_TEST,
                new Naming("team5", "lookup", "lk", "kim", "qa", "q1", Optional.of(LocalDate.parse("2027-01-02"))),
                Optional.of("westeurope"),
                new DatabaseSettings(
                        "db.example.org",
                        6432,
                        "other",
                        "someone",
                        Optional.of("DB_PASSWORD"),
                        "verify-ca",
                        11,
                        Duration.ofSeconds(31),
                        DatabaseLogin.ENTRA,
                        Distribution.NONE,
                        3,
                        16,
                        Optional.of("jdbc:postgresql://replica:5433/other")),
                new MessagingSettings(
                        "a:9093,b:9093",
                        MessagingSecurity.SCRAM,
                        "HUB",
                        Optional.of("reader"),
                        "BROKER_PASSWORD",
                        3,
                        Duration.ofDays(2),
                        Map.ofEntries(
                                Map.entry("metadata.max.age.ms", "170000"),
                                Map.entry("connections.max.idle.ms", "170001"),
                                Map.entry("request.timeout.ms", "50000"),
                                Map.entry("session.timeout.ms", "20000"),
                                Map.entry("heartbeat.interval.ms", "2000"),
                                Map.entry("max.poll.interval.ms", "200000"),
                                Map.entry("fetch.max.wait.ms", "60"),
                                Map.entry("receive.buffer.bytes", "70000"),
                                Map.entry("fetch.max.bytes", "8000000"),
                                Map.entry("max.partition.fetch.bytes", "2000000"),
                                Map.entry("group.protocol", "classic"),
                                Map.entry("enable.auto.commit", "false"),
                                Map.entry("auto.offset.reset", "none")),
                        Map.of(
                                "max.request.size", "900000",
                                "acks", "all",
                                "enable.idempotence", "true",
                                "compression.type", "gzip")),
                new EventSettings(EventProfiles.load("nsc-dev-v1"), "one", "two", Duration.ofHours(2)),
                new ConsumerSettings(
                        5001,
                        new DataSize(9 * 1024),
                        Duration.ofMillis(201),
                        400,
                        0.25,
                        4,
                        "::1",
                        8082,
                        Duration.ofMillis(300),
                        Duration.ofMinutes(1),
                        Optional.of("consumer-0")),
                new BackfillSettings(
                        9999,
                        new DataSize(9 << 20),
                        4,
                        new BackfillSource.Jdbc(
                                "jdbc:postgresql://source:5432/core",
                                "reader",
                                Optional.of("SOURCE_PASSWORD"),
                                "core",
                                "entries",
                                "orders",
                                Optional.of("SELECT * FROM entries"),
                                Optional.of("WITH o AS (SELECT * FROM orders) SELECT * FROM o"),
                                123),
                        Optional.of(Instant.parse("2026-11-21T01:07:33Z")),
                        new BackfillSettings.Throttle(
                                Optional.of(URI.create("http://api:8080/metrics")),
                                Duration.ofMillis(120),
                                Optional.of(URI.create("http://consumer:8081/metrics")),
                                777,
                                Duration.ofSeconds(50))),
                new CutoverSettings(Duration.ofMinutes(20), Duration.ofSeconds(40), Duration.ofHours(3)),
                new ServingSettings(
                        Duration.ofHours(2), Duration.ofHours(3), Duration.ofSeconds(45), Duration.ofMillis(250)),
                new ApiSettings(
                        "::",
                        9090,
                        List.of("10.0.0.0/8", "fd00::/8"),
                        new AuthSettings(
                                AuthMode.OIDC,
                                Optional.of(URI.create("https://login.example.org/v2.0")),
                                Optional.of("api://lookup"),
                                Optional.of(URI.create("https://login.example.org/keys")),
                                Duration.ZERO,
                                new SignInSettings(
                                        Optional.of("console-1"),
                                        Optional.of("CONSOLE_SECRET"),
                                        Duration.ofMinutes(31),
                                        Duration.ofHours(9),
                                        Duration.ofMinutes(6))),
                        new ApiSettings.Limits(7, 8, Duration.ofSeconds(3)),
                        Duration.ofSeconds(6),
                        true,
                        true,
                        Optional.of("CURSOR_KEY")),
                new AuditSettings(Duration.ofDays(90), Optional.of("https://a.example/audit")),
                SecretsMode.KEY_VAULT,
                new TelemetrySettings(
                        TelemetrySettings.Exporter.OTLP, Optional.of(URI.create("http://collector:4318")), 0.75),
                Optional.of(GenerationNumber.parse("20261121010733")),
                new LocalSettings(Path.of("data"), 29092, 25432, 28089, 2));
    }
}
