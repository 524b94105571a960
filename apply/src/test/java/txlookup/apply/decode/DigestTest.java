package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.decode.ContractFile.entry;
import static txlookup.apply.decode.ContractFile.order;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/contract.md: the digest of the canonical content, so that the rest is decided the same everywhere. */
class DigestTest {
    @Test
    void isTheSameForTheSameContentHoweverItIsWritten() {
        long digest = entry(
                        "\"entry_type\":\"A\",\"amount\":\"1.50\",\"version\":2,\"event_time\":\"2026-02-05T01:00:00Z\",\"x\":1")
                .origin()
                .digest();
        assertThat(entry(
                                "\"source_version\":\"2\",\"source_created_at\":\"2026-02-05 10:00:00.0000001+09:00\",\"amount\":1.50,\"type\":\" A \"")
                        .origin()
                        .digest())
                .isEqualTo(digest);
    }

    @Test
    void differsWithEveryFieldAndWithTheScale() {
        Set<Long> digests = new HashSet<>();
        digests.add(entry("").origin().digest());
        String[] changes = {
            "\"tx_id\":\"other\"",
            "\"wallet_id\":\"other\"",
            "\"entry_type\":\"other\"",
            "\"amount\":\"1.000\"",
            "\"amount_signed\":\"1.00\"",
            "\"related_id\":\"x\"",
            "\"related_type\":\"x\"",
            "\"event_time\":\"2026-02-05T01:00:00.000001Z\"",
            "\"updated_at\":\"2026-02-05T01:00:00Z\"",
            "\"version\":0",
            "\"event_time\":\"2026-02-05T01:00:00Z\",\"created_at\":\"2026-02-05T01:00:00.000001Z\""
        };
        for (String change : changes) {
            assertThat(digests.add(entry(change).origin().digest())).as(change).isTrue();
        }
        String[] orderChanges = {
            "",
            "\"order_id\":\"x\"",
            "\"user_id\":\"x\"",
            "\"merchant_name\":\"x\"",
            "\"amount\":\"2\"",
            "\"status\":\"x\"",
            "\"created_at\":\"2026-02-05T01:00:01Z\"",
            "\"updated_at\":\"2026-02-05T01:00:00Z\"",
            "\"version\":0"
        };
        for (String change : orderChanges) {
            assertThat(digests.add(order(change).origin().digest())).as(change).isTrue();
        }
    }

    @Test
    void doesNotConfuseNeighbouringFields() {
        assertThat(entry("\"related_id\":\"ab\",\"related_type\":\"c\"")
                        .origin()
                        .digest())
                .isNotEqualTo(entry("\"related_id\":\"a\",\"related_type\":\"bc\"")
                        .origin()
                        .digest());
        assertThat(entry("\"related_id\":\"a\"").origin().digest())
                .isNotEqualTo(entry("\"related_type\":\"a\"").origin().digest());
    }

    @Test
    void staysWhatItIsAcrossReleases() {
        // Stored rows carry it: a changed digest would make every stored row look different from its source.
        assertThat(entry("\"updated_at\":\"2026-02-05T01:00:00Z\",\"version\":1")
                        .origin()
                        .digest())
                .isEqualTo(4082647151310761413L);
    }
}
