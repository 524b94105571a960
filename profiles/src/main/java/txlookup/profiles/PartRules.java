package txlookup.profiles;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import txlookup.profiles.naming.GenerationNumber;

/** What the profile's parts demand of themselves and of each other, whatever the stage. */
final class PartRules {

    private static final Pattern CREDENTIALS_IN_URL = Pattern.compile("(?i)[?&;](user|username|password|pwd)=|[^:/@]@");

    private final Settings settings;

    PartRules(Settings settings) {
        this.settings = settings;
    }

    void check() {
        checkDatabase();
        checkConsumer();
        checkBackfill();
        checkCutover();
        settings.integer("generation").ifPresent(this::checkGeneration);
        checkUrl("api.auth.issuer");
        checkUrl("api.auth.jwksUri");
        checkUrl("backfill.throttle.apiMetrics");
        checkUrl("backfill.throttle.consumerMetrics");
        checkTelemetry();
        settings.text("api.trustedProxies").ifPresent(this::checkProxies);
    }

    /** A trusted proxy may write any address into the audit. */
    private void checkProxies(String blocks) {
        for (String block : blocks.split(", *", -1)) {
            if (!AddressBlock.isOne(block)) {
                settings.refuse(
                        "api.trustedProxies",
                        "IP addresses, or CIDR blocks from /%d (IPv4) or /%d (IPv6) on; %s is neither"
                                .formatted(AddressBlock.WIDEST_IPV4, AddressBlock.WIDEST_IPV6, block));
                return;
            }
        }
    }

    private void checkTelemetry() {
        checkUrl("telemetry.endpoint");
        boolean otlp =
                settings.text("telemetry.exporter").filter("otlp"::equals).isPresent();
        if (otlp && settings.text("telemetry.endpoint").isEmpty() && !settings.isBroken("telemetry.endpoint")) {
            settings.missing("telemetry.endpoint", "a collector's URL, since telemetry.exporter is otlp");
        }
    }

    private void checkUrl(String path) {
        settings.text(path).ifPresent(text -> {
            try {
                new URI(text);
            } catch (URISyntaxException notAUrl) {
                settings.refuse(path, "a URL without characters that must be escaped");
            }
        });
    }

    /** Citus parts the tables itself: see its setting citus.shard_count. A replica's servers are each behind by their own. */
    private void checkDatabase() {
        if (settings.text("database.distribution").filter("citus"::equals).isEmpty()) {
            return;
        }
        if (settings.integer("database.partitions")
                .filter(partitions -> partitions > 1)
                .isPresent()) {
            settings.refuse(
                    "database.partitions", "1, since database.distribution is citus, which parts the tables itself");
        }
        if (settings.text("database.readUrl").isPresent()) {
            settings.refuse(
                    "database.readUrl",
                    "none, since database.distribution is citus, and a watermark of one server of a replica says nothing of its others");
        }
    }

    private void checkConsumer() {
        Optional<Long> poll = settings.integer("consumer.pollMaxRecords");
        Optional<Long> batch = settings.integer("consumer.batchMaxRecords");
        if (poll.isPresent() && batch.isPresent() && poll.get() > batch.get()) {
            settings.refuse("consumer.pollMaxRecords", "at most consumer.batchMaxRecords, which is " + batch.get());
        }
        Optional<Duration> first = settings.duration("consumer.retryInitialBackoff");
        Optional<Duration> longest = settings.duration("consumer.retryMaxBackoff");
        if (first.isPresent() && longest.isPresent() && first.get().compareTo(longest.get()) > 0) {
            settings.refuse(
                    "consumer.retryInitialBackoff",
                    "at most consumer.retryMaxBackoff, which is "
                            + settings.text("consumer.retryMaxBackoff").orElseThrow());
        }
    }

    private void checkBackfill() {
        Optional<String> url = settings.text("backfill.jdbc.url");
        if (url.filter(text -> CREDENTIALS_IN_URL.matcher(text).find()).isPresent()) {
            settings.refuse("backfill.jdbc.url", "a JDBC URL without user and password");
        }
        if (settings.text("backfill.source").filter("jdbc"::equals).isPresent()) {
            requireForJdbc("backfill.jdbc.url", "a JDBC URL, since backfill.source is jdbc");
            requireForJdbc("backfill.jdbc.user", "a role, since backfill.source is jdbc");
            if (url.filter(text -> !text.startsWith("jdbc:postgresql:")).isPresent()) {
                String wanted =
                        "a SELECT, since tables are read from PostgreSQL alone and backfill.jdbc.url is another's";
                requireForJdbc("backfill.jdbc.ledgerQuery", wanted);
                requireForJdbc("backfill.jdbc.paymentOrderQuery", wanted);
            }
        }
        settings.text("backfill.asOf").ifPresent(text -> {
            try {
                Instant.parse(text);
            } catch (DateTimeException noSuchInstant) {
                settings.refuse("backfill.asOf", "an instant that the calendar has, as 2026-11-21T01:07:33Z");
            }
        });
    }

    private void requireForJdbc(String path, String wanted) {
        if (settings.text(path).isEmpty() && !settings.isBroken(path)) {
            settings.missing(path, wanted);
        }
    }

    private void checkCutover() {
        Optional<Duration> retention = settings.duration("messaging.retention");
        Optional<Duration> overlap = settings.duration("cutover.overlap");
        Optional<Duration> margin = settings.duration("cutover.margin");
        if (retention.isPresent()
                && overlap.isPresent()
                && margin.isPresent()
                && overlap.get().plus(margin.get()).compareTo(retention.get()) >= 0) {
            settings.refuse(
                    "messaging.retention",
                    "more than cutover.overlap and cutover.margin together, which are %s and %s"
                            .formatted(
                                    settings.text("cutover.overlap").orElseThrow(),
                                    settings.text("cutover.margin").orElseThrow()));
        }
    }

    private void checkGeneration(long number) {
        try {
            new GenerationNumber(number);
        } catch (IllegalArgumentException noGeneration) {
            settings.refuse("generation", "a number from 1 to 999999, or a UTC time as yyyyMMddHHmmss");
        }
    }
}
