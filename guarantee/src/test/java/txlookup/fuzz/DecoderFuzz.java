package txlookup.fuzz;

import java.util.List;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.SourceRecord;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.RawInput;
import txlookup.fuzz.model.ContractDecoder;
import txlookup.fuzz.model.DecoderDifference;
import txlookup.fuzz.model.Product;

/** Jazzer's way in: one input through both decoders. */
public final class DecoderFuzz {
    private static final List<FuzzInput> CORPUS = Corpus.read();
    private static final Decoder DECODER = Product.decoder();
    private static final ContractDecoder CONTRACT = Product.contract();

    private DecoderFuzz() {}

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(RawInput.read(bytes, CORPUS));
    }

    static void check(FuzzInput input) {
        SourceRecord record = input.at(7);
        String difference;
        try {
            difference = DecoderDifference.between(
                    CONTRACT.judge(input), DECODER.decode(input.topic().entity(), record), record);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("the decoder threw on: " + Corpus.line(input), e);
        }
        if (difference != null) {
            throw new AssertionError("%s%non: %s".formatted(difference, Corpus.line(input)));
        }
    }
}
