package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.SourceRecord;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.events.EventProfiles;

/** Decodes literal events at a fixed instant, for tests that state the contract's rules. */
final class ContractFile {
    static final Instant NOW = Instant.parse("2026-02-05T12:00:00Z");
    static final Instant RECORD_TIME = Instant.parse("2026-02-05T11:59:00Z");
    static final EventProfile CANONICAL = EventProfiles.load("canonical-v1");

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private ContractFile() {}

    static Decoded decode(EventProfile profile, Entity entity, byte[] value) {
        return new Decoder(profile, Duration.ofHours(1), CLOCK)
                .decode(entity, new SourceRecord(7, RECORD_TIME, "key".getBytes(StandardCharsets.UTF_8), value, null));
    }

    static Decoded decode(Entity entity, String json) {
        return decode(CANONICAL, entity, json.getBytes(StandardCharsets.UTF_8));
    }

    /** A ledger entry with the members given, the required ones added where they are not there. */
    static String entryWith(String members) {
        return with(
                members,
                "\"tx_id\":\"tx-1\"",
                "\"wallet_id\":\"w-1\"",
                "\"entry_type\":\"PAYMENT\"",
                "\"amount\":\"1.00\"",
                "\"event_time\":\"2026-02-05T01:00:00Z\"");
    }

    static String orderWith(String members) {
        return with(
                members,
                "\"order_id\":\"po-1\"",
                "\"amount\":\"1.00\"",
                "\"status\":\"PAID\"",
                "\"created_at\":\"2026-02-05T01:00:00Z\"");
    }

    private static String with(String members, String... required) {
        StringBuilder json = new StringBuilder("{").append(members);
        for (String member : required) {
            String name = member.substring(0, member.indexOf(':') + 1);
            boolean given = members.contains(name)
                    || (name.equals("\"entry_type\":") && members.contains("\"type\":"))
                    || (name.equals("\"event_time\":")
                            && (members.contains("\"source_created_at\":") || members.contains("\"created_at\":")));
            if (!given) {
                json.append(json.length() > 1 ? "," : "").append(member);
            }
        }
        return json.append('}').toString();
    }

    static LedgerEntry entry(String members) {
        return entryOf(entryWith(members));
    }

    static LedgerEntry entryOf(String json) {
        Decoded decoded = decode(Entity.LEDGER_ENTRY, json);
        assertThat(decoded).as(json).isInstanceOf(LedgerEntry.class);
        return (LedgerEntry) decoded;
    }

    static PaymentOrder order(String members) {
        Decoded decoded = decode(Entity.PAYMENT_ORDER, orderWith(members));
        assertThat(decoded).as(members).isInstanceOf(PaymentOrder.class);
        return (PaymentOrder) decoded;
    }

    static DeadLetter refused(Entity entity, String json, Reason reason) {
        Decoded decoded = decode(entity, json);
        assertThat(decoded).as(json).isInstanceOf(DeadLetter.class);
        DeadLetter deadLetter = (DeadLetter) decoded;
        assertThat(deadLetter.reason()).as(json + ": " + deadLetter.detail()).isEqualTo(reason);
        return deadLetter;
    }
}
