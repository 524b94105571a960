package txlookup.backfill;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import txlookup.backfill.source.ExtractFile;
import txlookup.backfill.source.Input;
import txlookup.profiles.digest.Sha256;

/**
 * The digests of the files that are loaded, computed beside the load: a run that goes on half way does not read the
 * beginning again, and the digest is of the whole.
 */
final class FileDigests implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Map<ExtractFile, Future<String>> digests = new HashMap<>();

    private FileDigests() {}

    static FileDigests begin(List<? extends Input> inputs) {
        FileDigests all = new FileDigests();
        for (Input input : inputs) {
            input.asFile()
                    .ifPresent(file -> all.digests.put(file, all.thread.submit((Callable<String>) () -> of(file))));
        }
        return all;
    }

    private static String of(ExtractFile file) throws IOException {
        MessageDigest sha256 = Sha256.start();
        try (InputStream bytes = new DigestInputStream(Channels.newInputStream(file.open()), sha256)) {
            byte[] buffer = new byte[BUFFER];
            int read;
            do {
                read = bytes.read(buffer);
            } while (read >= 0 && !Thread.currentThread().isInterrupted());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /**
     * Waits for the digests that manifests promise.
     *
     * @throws IllegalArgumentException when a file is not the one that its manifest describes
     */
    void requireAsPromised(List<? extends Input> inputs) throws IOException, InterruptedException {
        for (Input input : inputs) {
            String promised = input.promise().map(Input.Promise::sha256).orElse(null);
            if (promised != null && !promised.equals(of(input))) {
                throw new IllegalArgumentException(
                        "%s has the SHA-256 %s, and %s says %s: it is not the file that was extracted. Take the extract again; nothing was loaded"
                                .formatted(
                                        input.name(),
                                        of(input),
                                        input.promise().get().manifest(),
                                        promised));
            }
        }
    }

    /** The digest of an input's file; null for an input that is none. */
    @Nullable
    String of(Input input) throws IOException, InterruptedException {
        try {
            return input.asFile().isPresent()
                    ? digests.get(input.asFile().get()).get()
                    : null;
        } catch (ExecutionException e) {
            throw new IOException("%s cannot be read: %s".formatted(input.name(), e.getCause()), e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
