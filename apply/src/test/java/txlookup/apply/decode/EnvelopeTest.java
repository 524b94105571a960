package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.events.EventProfiles;

/** The event profile debezium-v1: row changes in their envelope, or flattened. */
class EnvelopeTest {
    private static final EventProfile DEBEZIUM = EventProfiles.load("debezium-v1");
    private static final String ROW = """
            {"tx_id":"tx-1","wallet_id":"w","type":"PAYMENT","amount":"1.50","created_at":1770253323123456,"updated_at":"2026-02-05T01:02:04Z"}""";

    private static Decoded decode(String event) {
        return ContractFile.decode(DEBEZIUM, Entity.LEDGER_ENTRY, event.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "{\"before\":{\"tx_id\":\"old\"},\"after\":%s,\"op\":\"u\"}",
                "{\"schema\":{\"fields\":[]},\"payload\":{\"before\":null,\"after\":%s,\"op\":\"c\"}}",
                "{\"schema\":{\"fields\":[]},\"payload\":%s}"
            })
    void readsTheRowWhereverItLies(String form) {
        Decoded decoded = decode(form.formatted(ROW));
        assertThat(decoded).isInstanceOf(LedgerEntry.class);
        LedgerEntry entry = (LedgerEntry) decoded;
        assertThat(entry.txId()).isEqualTo("tx-1");
        assertThat(entry.eventTime()).isEqualTo(Instant.parse("2026-02-05T01:02:03.123456Z"));
        assertThat(entry.updatedAt()).isEqualTo(Instant.parse("2026-02-05T01:02:04Z"));
    }

    @Test
    void refusesADeleteAsATombstone() {
        DeadLetter deadLetter = (DeadLetter) decode("{\"before\":%s,\"after\":null,\"op\":\"d\"}".formatted(ROW));
        assertThat(deadLetter.reason()).isEqualTo(Reason.TOMBSTONE);
    }

    @Test
    void refusesAPlaceholderForAValueThatTheSourceLeftOut() {
        DeadLetter deadLetter = (DeadLetter) decode(ROW.replace("\"w\"", "\"__debezium_unavailable_value\""));
        assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
        assertThat(deadLetter.detail()).startsWith("wallet_id: the source left the value out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"after\":%s",
                "{\"after\":%s}}",
                "{\"after\":%s,\"op\":}",
                "{\"after\":[]}",
                "{\"after\":null,\"before\":%s,\"op\":}"
            })
    void refusesABrokenEnvelope(String form) {
        DeadLetter deadLetter = (DeadLetter) decode(form.formatted(ROW));
        assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
    }
}
