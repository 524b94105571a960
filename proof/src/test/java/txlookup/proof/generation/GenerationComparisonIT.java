package txlookup.proof.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static txlookup.proof.generation.ComparedGenerations.C;
import static txlookup.proof.generation.ComparedGenerations.QUICK;
import static txlookup.proof.generation.ComparedGenerations.S;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.Entity;
import txlookup.proof.generation.ComparisonResult.Unsettled;
import txlookup.proof.generation.GenerationDifference.Kind;

/** A candidate beside the generation that serves, on a real PostgreSQL. */
@Timeout(120)
class GenerationComparisonIT {
    private static final int ENTRIES = 5_000;
    private static final String TOUCH =
            "UPDATE %s.ledger_entry SET version = version + 1, amount = amount + 1 WHERE tx_id = '%s'";

    @Test
    void twoThatHoldTheSamePassWithAllRowsCompared() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            ComparisonResult result = two.compare();

            assertThat(result.passed()).isTrue();
            assertThat(result.rows()).isEqualTo(ENTRIES + ENTRIES / 2);
            assertThat(result.differences()).isEmpty();
            assertThat(result.rounds()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = amount + 0.01",
                "amount = amount || '0'::text",
                "wallet_id = 'another'",
                "amount_signed = 0",
                "related_id = NULL",
                "updated_at = '2026-02-05T00:00:00.000001Z'",
                "version = NULL"
            })
    void oneWrongFieldOfOneRowIsFoundWithItsKeyAlsoBehindItsDigest(String wrong) throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            String field = wrong.substring(0, wrong.indexOf(' '));
            two.execute("UPDATE %s.ledger_entry SET %s WHERE tx_id = 'tx-4321'"
                    .formatted(C, wrong.replace("amount || '0'::text", "(amount || '0')::numeric")));

            ComparisonResult result = two.compare();

            assertThat(result.passed()).isFalse();
            assertThat(result.differences())
                    .containsExactly(
                            new GenerationDifference(Kind.FIELD, Entity.LEDGER_ENTRY, "tx-4321", List.of(field)));
        }
    }

    @Test
    void whatLiesBesideTheContractsFieldsIsNotCompared() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute(
                    "UPDATE %s.ledger_entry SET source_time = now(), ingested_at = now(), source_position = 7, source_id = 2"
                            .formatted(C));

            assertThat(two.compare().passed()).isTrue();
        }
    }

    @Test
    void aMissingAndAnExtraRowAreFoundWithTheirKeys() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute("DELETE FROM %s.payment_order WHERE order_id = 'order-17'".formatted(C));
            two.execute("DELETE FROM %s.ledger_entry WHERE tx_id IN ('tx-1', 'tx-999')".formatted(S));

            ComparisonResult result = two.compare();

            assertThat(result.differences())
                    .extracting(GenerationDifference::kind, GenerationDifference::key)
                    .containsExactlyInAnyOrder(
                            tuple(Kind.MISSING, "order-17"), tuple(Kind.EXTRA, "tx-1"), tuple(Kind.EXTRA, "tx-999"));
            assertThat(result.wrong()).isEqualTo(3);
        }
    }

    @Test
    void anEmptyCandidateLacksEverythingAndTheReadingEndsWhenTooMuchDiffers() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute("TRUNCATE %1$s.ledger_entry, %1$s.payment_order".formatted(C));

            ComparisonResult all = two.compare();
            assertThat(all.count(Kind.MISSING)).isEqualTo(ENTRIES + ENTRIES / 2);

            ComparisonResult some = two.compare(
                    new ComparisonSettings(1_000, 2_000, 5, Duration.ofSeconds(1), Duration.ofMillis(20)), null);
            assertThat(some.isWhole()).isFalse();
            assertThat(some.passed()).isFalse();
            assertThat(some.count(Kind.MISSING)).isEqualTo(2_000);
            assertThat(ComparisonReport.verdict(some)).startsWith("NOT JUDGED: too many rows differ");
        }
    }

    @Test
    void whatTheCandidatesSourceHadLostIsToldFromWhatTheCandidateLost() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute("DELETE FROM %s.ledger_entry WHERE tx_id IN ('tx-4500', 'tx-3000', 'tx-4700', 'tx-4800')"
                    .formatted(C));
            two.execute("UPDATE %s.ledger_entry SET source_id = 2, source_position = 600 WHERE tx_id = 'tx-4700'"
                    .formatted(S));
            two.execute("UPDATE %s.ledger_entry SET source_id = 2, source_position = 400 WHERE tx_id = 'tx-4800'"
                    .formatted(S));

            assertThat(two.compare(QUICK, ComparedGenerations.entriesBelow(4_000))
                            .differences())
                    .extracting(GenerationDifference::key, GenerationDifference::kind)
                    .as("tx-4700 came with an offset that the candidate's part of the log holds")
                    .containsExactlyInAnyOrder(
                            tuple("tx-3000", Kind.MISSING),
                            tuple("tx-4500", Kind.LEFT_SOURCE),
                            tuple("tx-4700", Kind.MISSING),
                            tuple("tx-4800", Kind.LEFT_SOURCE));
            assertThat(two.compare().wrong()).as("without its source").isEqualTo(4);
            ComparisonResult gone = two.compare(QUICK, ComparedGenerations.entriesBelow(EntriesBelow.GONE));
            assertThat(gone.wrong()).as("its source is gone").isEqualTo(4);
            assertThat(ComparisonReport.text(gone)).contains("may only have left the source", "entries.ndjson");

            two.execute("DELETE FROM %s.ledger_entry WHERE tx_id IN ('tx-3000', 'tx-4700')".formatted(S));
            assertThat(two.compare(QUICK, ComparedGenerations.entriesBelow(4_000))
                            .passed())
                    .isTrue();
        }
    }

    @Test
    void rowsOfWhichNothingSaysWhichIsNewerAreNoFault() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            IntactRow.write(two, S, "tx-none", "10.00");
            IntactRow.write(two, C, "tx-none", "11.00");

            ComparisonResult intact = two.compare();
            two.execute("UPDATE %s.ledger_entry SET amount = 12 WHERE tx_id = 'tx-none'".formatted(C));
            ComparisonResult changed = two.compare();

            assertThat(intact.differences())
                    .containsExactly(
                            new GenerationDifference(Kind.NO_ORDER, Entity.LEDGER_ENTRY, "tx-none", List.of("amount")));
            assertThat(intact.passed()).isTrue();
            assertThat(changed.differences())
                    .as("behind its digest")
                    .extracting(GenerationDifference::kind)
                    .containsExactly(Kind.FIELD);
        }
    }

    @Test
    void aRowThatTheCandidateAppliesLaterIsNoDifferenceOnceItIsLevel() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute(TOUCH.formatted(S, "tx-77"));
            two.execute("UPDATE %s.coverage SET next_position = 1001 WHERE name = 'entries' AND partition = 1"
                    .formatted(S));
            CompletableFuture<ComparisonResult> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return two.compare(
                            new ComparisonSettings(1_000, 100, 5, Duration.ofSeconds(30), Duration.ofMillis(20)), null);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Thread.sleep(500);
            assertThat(running).as("it waits for the candidate's consumer").isNotDone();
            two.execute(TOUCH.formatted(C, "tx-77")
                    + "; UPDATE %s.coverage SET next_position = 1001 WHERE name = 'entries' AND partition = 1"
                            .formatted(C));

            assertThat(running.get().passed()).isTrue();
            assertThat(running.get().rounds()).isEqualTo(1);
        }
    }

    @Test
    void aConsumerThatDoesNotComeLevelIsNamedAndNothingPasses() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute(TOUCH.formatted(S, "tx-77"));
            two.execute("UPDATE %s.coverage SET next_position = 1001 WHERE name = 'entries' AND partition = 1"
                    .formatted(S));

            ComparisonResult result = two.compare();

            assertThat(result.passed()).isFalse();
            assertThat(result.isJudged()).isFalse();
            assertThat(result.notLevel()).contains(C, "offset 1000 of entries-1", "1001");
            assertThat(result.unsettled()).containsExactly(new Unsettled(Entity.LEDGER_ENTRY, "tx-77"));
        }
    }

    @Test
    void aRowThatNeverRestsIsUnsettledAndListedBesideOneThatIsWrong() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute(TOUCH.formatted(C, "tx-4321"));
            two.execute(TOUCH.formatted(S, "tx-77"));
            ComparisonResult result = two.compareWhile(TOUCH.formatted(S, "tx-77"));

            assertThat(result.unsettled()).containsExactly(new Unsettled(Entity.LEDGER_ENTRY, "tx-77"));
            assertThat(result.rounds()).isEqualTo(5);
            assertThat(result.differences())
                    .extracting(GenerationDifference::key)
                    .containsExactly("tx-4321");
        }
    }

    @Test
    void movingRowsSettleWhenBothAreThere() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
                try {
                    for (int n = 1; !over.get(); n++) {
                        // The candidate applies each event a moment later, and says so with its position.
                        for (String generation : List.of(S, C)) {
                            two.execute(TOUCH.formatted(generation, "tx-" + n % 500)
                                    + "; UPDATE %s.coverage SET next_position = next_position + 1 WHERE kind = 'STREAM' AND partition = 0"
                                            .formatted(generation));
                        }
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            try {
                for (int run = 0; run < 4; run++) {
                    ComparisonResult result = two.compare();
                    assertThat(result.differences()).isEmpty();
                    assertThat(result.passed())
                            .as(ComparisonReport.text(result))
                            .isTrue();
                }
            } finally {
                over.set(true);
                moving.get();
            }
        }
    }

    @Test
    void theCandidateKeepsTheResultWithTheHashOfItsEvidence() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(ENTRIES)) {
            two.execute("DELETE FROM %s.payment_order WHERE order_id = 'order-17'".formatted(C));
            ComparisonResult result = two.compare();

            new Comparisons(two.store).remember(result);

            assertThat(two.one(
                            "SELECT against || ' ' || passed || ' ' || differences || ' ' || rows_judged FROM %s.verification"
                                    .formatted(C)))
                    .isEqualTo("generation %d false 1 7500".formatted(ComparedGenerations.SERVING));
            assertThat(two.one("SELECT found->'differences'->0->>'key' FROM %s.verification".formatted(C)))
                    .isEqualTo("order-17");
            assertThat(two.one(
                            "SELECT evidence = encode(sha256(convert_to(found::text, 'UTF8')), 'hex') FROM %s.verification"
                                    .formatted(C)))
                    .isEqualTo("t");
            assertThat(ComparisonReport.text(result)).contains("missing payment_order order-17", "FAIL: 1 rows differ");
        }
    }

    @Test
    @Tag("nightly")
    void oneWrongRowOfAMillionIsFoundInSeconds() throws Exception {
        try (ComparedGenerations two = new ComparedGenerations(700_000)) {
            two.execute("UPDATE %s.ledger_entry SET amount = 1 WHERE tx_id = 'tx-654321'".formatted(C));
            long begun = System.nanoTime();

            ComparisonResult result = two.compare(ComparisonSettings.USUAL, null);

            System.out.printf("%,d rows compared in %,d ms%n", result.rows(), (System.nanoTime() - begun) / 1_000_000);
            assertThat(result.rows()).isEqualTo(1_050_000);
            assertThat(result.differences())
                    .extracting(GenerationDifference::key)
                    .containsExactly("tx-654321");
        }
    }
}
