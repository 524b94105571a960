package txlookup.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import txlookup.fuzz.input.Choices;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.Mutator;
import txlookup.fuzz.model.Product;

/** The corpus, what a fuzzer kept, and mutations through both decoders: a process of its own, to be measured. */
final class CorpusReplay {
    private static final int MUTATIONS = 200_000;

    private CorpusReplay() {}

    /** Replays them; the one argument is a folder of kept inputs, which need not be there. */
    public static void main(String[] arguments) throws IOException {
        List<FuzzInput> corpus = Corpus.read();
        corpus.forEach(DecoderFuzz::check);
        Path kept = Path.of(arguments[0]);
        if (Files.isDirectory(kept)) {
            try (Stream<Path> files = Files.list(kept)) {
                for (Path file : files.toList()) {
                    DecoderFuzz.fuzzerTestOneInput(Files.readAllBytes(file));
                }
            }
        }
        Mutator mutator = new Mutator(Choices.of(new Random(1)), 50, corpus, Product.NONCE);
        for (int i = 0; i < MUTATIONS; i++) {
            DecoderFuzz.check(mutator.mutated());
        }
    }
}
