package txlookup.fuzz;

import java.sql.SQLException;
import java.util.List;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.RawInput;

/** Jazzer's way in: each input through the decoder and, a thousand in a transaction, the store. */
public final class StoreFuzz {
    private static final List<FuzzInput> CORPUS = Corpus.read();
    private static final long RUNS = Long.getLong("fuzz.store");

    private static StoreRun store;
    private static long seen;

    private StoreFuzz() {}

    /** Called by Jazzer before the first input. */
    public static void fuzzerInitialize() throws SQLException {
        store = new StoreRun();
    }

    /** Called by Jazzer for each input; the last one ends with what is left, for the server goes with this process. */
    public static void fuzzerTestOneInput(byte[] bytes) throws SQLException {
        if (seen == RUNS) {
            return;
        }
        store.add(RawInput.read(bytes, CORPUS));
        if (++seen == RUNS) {
            store.finish();
            System.out.println("all " + seen + " records are in the store as they should be");
        }
    }
}
