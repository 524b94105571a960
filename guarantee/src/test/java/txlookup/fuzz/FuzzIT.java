package txlookup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import txlookup.fuzz.input.Choices;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.Mutator;
import txlookup.fuzz.input.RawInput;
import txlookup.fuzz.model.Product;

/**
 * Every record of the corpus and random mutations through the decoder and the store: the same decision, the same reason
 * and the same fields as a second reading of docs/contract.md. {@code guarantee/fuzz/run} does it by coverage, and for
 * longer.
 */
class FuzzIT {
    private static final List<FuzzInput> CORPUS = Corpus.read();

    @Test
    void theProductAndTheContractAgreeOnTheCorpusAndOnMutationsOfAFixedSeed() throws SQLException {
        run(20260205, 20_000);
    }

    @Test
    @Tag("nightly")
    void theProductAndTheContractAgreeOnMutationsOfANewSeed() throws SQLException {
        run(Long.getLong("fuzz.seed", System.nanoTime()), Integer.getInteger("fuzz.mutations", 500_000));
    }

    private static void run(long seed, int mutations) throws SQLException {
        System.out.printf("fuzz seed %d: %d records of the corpus, %d mutations%n", seed, CORPUS.size(), mutations);
        Mutator mutator = new Mutator(Choices.of(new Random(seed)), 500, CORPUS, Product.NONCE);
        try (StoreRun store = new StoreRun()) {
            for (int i = 0; i < CORPUS.size() + mutations; i++) {
                FuzzInput input = i < CORPUS.size() ? CORPUS.get(i) : mutator.mutated();
                DecoderFuzz.check(input);
                store.add(input);
            }
            store.finish();
        } catch (AssertionError e) {
            throw new AssertionError("seed %d: %s".formatted(seed, e.getMessage()), e);
        }
    }

    @Test
    void aLineOfTheCorpusIsTheRecordItWasMadeOf() {
        for (FuzzInput input : CORPUS) {
            String line = Corpus.line(input);
            assertThat(Corpus.line(Corpus.input(line))).isEqualTo(line);
            // A header without a value becomes an empty one: the fuzzer's bytes need no third kind.
            assertThat(Corpus.line(RawInput.read(RawInput.write(input), CORPUS)))
                    .isEqualTo(line.replace("=\\N", "="));
        }
    }
}
