package txlookup.proof.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.proof.ProofFixture;
import txlookup.proof.compare.Difference.Kind;

/** What two rows of one key mean to each other. */
class DifferenceRuleIT {
    private static final Instant READ = ProofFixture.CUTOVER;
    private static final Window WINDOW = new Window(null, READ.minusSeconds(60));

    /** A source of which only its nature matters here. */
    private record Nature(boolean isLive, boolean isWhole) implements DataSet {
        @Override
        public String name() {
            return "source";
        }

        @Override
        public Set<Entity> entities() {
            return Set.of();
        }

        @Override
        public Instant readUntil() {
            return READ;
        }

        @Override
        public long scan(Entity entity, Consumer<Row> rows) {
            return 0;
        }

        @Override
        public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws IOException {
            throw new IOException("not asked here");
        }
    }

    private static final DataSet EXTRACT = new Nature(false, true);
    private static final DataSet LIVE = new Nature(true, true);
    private static final DataSet LOG = new Nature(false, false);

    private static StoredVersion row(String status, @Nullable String updatedAt, int version, Instant sourceTime) {
        String updated = updatedAt == null ? "" : ", \"updated_at\": \"%s\"".formatted(updatedAt);
        String json =
                "{\"order_id\": \"o\", \"amount\": 1, \"status\": \"%s\", \"created_at\": \"2026-02-04T00:00:00Z\", \"version\": %d%s}"
                        .formatted(status, version, updated);
        SourceRecord record = new SourceRecord(1, sourceTime, json.getBytes(StandardCharsets.UTF_8));
        return StoredVersion.of((Snapshot) ProofFixture.decoder().decode(Entity.PAYMENT_ORDER, record));
    }

    private static StoredVersion settled(String status, int version) {
        return row(status, "2026-02-05T00:00:0" + version + "Z", version, READ);
    }

    private static final String LATE = "2026-02-05T00:59:30Z";

    private static @Nullable Kind judged(DataSet source, @Nullable StoredVersion said, @Nullable StoredVersion stored) {
        List<Difference> found = new DifferenceRule(WINDOW, source)
                .of(
                        Entity.PAYMENT_ORDER,
                        said == null ? Map.of() : Map.of("o", said),
                        stored == null ? Map.of() : Map.of("o", stored));
        return found.isEmpty() ? null : found.get(0).kind();
    }

    @Test
    void settledRowsAreJudgedByTheirVersions() {
        assertThat(judged(EXTRACT, settled("PAID", 2), settled("PAID", 2))).isNull();
        assertThat(judged(EXTRACT, settled("PAID", 2), null)).isEqualTo(Kind.MISSING);
        assertThat(judged(EXTRACT, null, settled("PAID", 2))).isEqualTo(Kind.EXTRA);
        assertThat(judged(EXTRACT, settled("PAID", 2), settled("CREATED", 1))).isEqualTo(Kind.STALE);
        assertThat(judged(EXTRACT, settled("CREATED", 1), settled("PAID", 2))).isEqualTo(Kind.AHEAD);
        assertThat(judged(EXTRACT, settled("PAID", 2), settled("FAILED", 2))).isEqualTo(Kind.FIELD);
    }

    @Test
    void whatIsNotSettledIsNotJudgedOnEitherSide() {
        StoredVersion late = row("PAID", LATE, 5, READ);
        assertThat(judged(EXTRACT, late, null)).isNull();
        assertThat(judged(EXTRACT, null, late)).isNull();
        assertThat(judged(EXTRACT, late, settled("PAID", 2))).isNull();
        assertThat(judged(EXTRACT, settled("PAID", 2), late)).isNull();
    }

    @Test
    void aRowThatContradictsItsDigestIsWrongHoweverNewItSaysItIs() {
        StoredVersion stored = row("PAID", LATE, 5, READ);
        StoredVersion tampered = new StoredVersion(stored.snapshot(), stored.storedDigest() + 1);
        assertThat(judged(EXTRACT, settled("PAID", 2), tampered)).isEqualTo(Kind.FIELD);
        assertThat(judged(EXTRACT, null, tampered)).isEqualTo(Kind.FIELD);
        assertThat(judged(EXTRACT, stored, tampered)).isEqualTo(Kind.FIELD);
    }

    @Test
    void whatTheStreamBroughtAfterTheExtractWasReadIsNoEvidenceAgainstIt() {
        StoredVersion streamed = row("FAILED", "2026-02-05T00:00:02Z", 2, READ.plusSeconds(5));
        assertThat(judged(EXTRACT, null, streamed)).isNull();
        assertThat(judged(EXTRACT, settled("PAID", 2), streamed)).isEqualTo(Kind.AHEAD);
        assertThat(judged(LIVE, settled("PAID", 2), streamed)).isEqualTo(Kind.FIELD);
        assertThat(judged(LIVE, null, streamed)).isEqualTo(Kind.EXTRA);
    }

    @Test
    void aLogThatBeginsInTheMiddleOfAHistorySaysNothingAboutWhatItDoesNotHave() {
        assertThat(judged(LOG, null, settled("PAID", 2))).isNull();
        assertThat(judged(LOG, settled("PAID", 2), null)).isEqualTo(Kind.MISSING);
    }

    @Test
    void anExtractNeverUndoesWhatIsNewer() {
        DifferenceRule extract = new DifferenceRule(WINDOW, EXTRACT);
        assertThat(extract.mayReplace(settled("PAID", 2), settled("PAID", 3))).isFalse();
        assertThat(extract.mayReplace(settled("PAID", 2), settled("FAILED", 2))).isTrue();
        assertThat(new DifferenceRule(WINDOW, LIVE).mayReplace(settled("PAID", 2), settled("PAID", 3)))
                .isTrue();
    }
}
