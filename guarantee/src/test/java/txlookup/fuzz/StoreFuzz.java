package txlookup.fuzz;

import java.sql.SQLException;
import java.util.List;

/** Jazzer's way in: each input through the decoder and, a thousand in a transaction, the store. */
public final class StoreFuzz {
    private static final List<FuzzInput> CORPUS = Corpus.read();
    private static final int FOUND = 77;

    private static StoreRun store;

    private StoreFuzz() {}

    /** Called by Jazzer before the first input. */
    public static void fuzzerInitialize() throws SQLException {
        store = new StoreRun();
    }

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] bytes) throws SQLException {
        store.add(RawInput.read(bytes, CORPUS));
    }

    /** Called by Jazzer after the last input, and deaf to what is thrown there: the last batches' verdict is the code. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    public static void fuzzerTearDown() {
        try (StoreRun last = store) {
            last.finish();
        } catch (SQLException | AssertionError e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(FOUND);
        }
    }
}
