package txlookup.traffic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import txlookup.profiles.digest.Sha256;

/**
 * The state of payments as a backfill's extract: one file of JSON lines an entity.
 *
 * @param ledgerEntries the ledger entries' file
 * @param paymentOrders the payment orders' file
 */
public record Extract(Path ledgerEntries, Path paymentOrders) {
    /** The file that says when the others were read, and what is in them ({@code contracts/extract.schema.json}). */
    public static final String MANIFEST = "extract.json";

    private static final String MANIFEST_TEXT = """
            {
              "asOf": "%s",
              "files": [
                {"name": "%s", "rows": %d, "sha256": "%s"},
                {"name": "%s", "rows": %d, "sha256": "%s"}
              ]
            }
            """;

    /**
     * Writes the state of payments {@code from} up to but not including {@code to}, without a manifest. A file is there
     * whole or not at all.
     *
     * @param compressed whether the files are {@code .ndjson.gz} rather than {@code .ndjson}
     */
    public static Extract write(Payments payments, long from, long to, Path folder, boolean compressed)
            throws IOException {
        return write(payments, from, to, folder, compressed, null);
    }

    /**
     * As {@link #write(Payments, long, long, Path, boolean)}, and then a manifest beside the files, unless {@code asOf} is
     * null.
     *
     * @param asOf when the payments were read
     */
    public static Extract write(Payments payments, long from, long to, Path folder, boolean compressed, Instant asOf)
            throws IOException {
        Files.createDirectories(folder);
        String ending = compressed ? ".ndjson.gz" : ".ndjson";
        Extract extract =
                new Extract(folder.resolve("ledger-entries" + ending), folder.resolve("payment-orders" + ending));
        Output ledger = new Output(extract.ledgerEntries, compressed);
        Output orders = new Output(extract.paymentOrders, compressed);
        try (ledger;
                orders) {
            for (long n = from; n < to; n++) {
                for (Event event : payments.state(n)) {
                    (event.kind() == Event.Kind.LEDGER_ENTRY ? ledger : orders).write(event.value());
                }
            }
        }
        // The old one would describe the new files until it is replaced.
        Files.deleteIfExists(folder.resolve(MANIFEST));
        ledger.moveToItsPlace();
        orders.moveToItsPlace();
        if (asOf != null) {
            String manifest = MANIFEST_TEXT.formatted(
                    asOf,
                    extract.ledgerEntries.getFileName(),
                    ledger.rows,
                    ledger.digest(),
                    extract.paymentOrders.getFileName(),
                    orders.rows,
                    orders.digest());
            Path part = Files.writeString(folder.resolve(MANIFEST + ".part"), manifest);
            Files.move(part, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        }
        return extract;
    }

    /** One file while it is written, with what the manifest says of it. */
    private static final class Output implements AutoCloseable {
        private final Path file;
        private final Path part;
        private final MessageDigest sha256;
        private final OutputStream out;
        private long rows;

        Output(Path file, boolean compressed) throws IOException {
            this.file = file;
            this.part = file.resolveSibling(file.getFileName() + ".part");
            this.sha256 = Sha256.start();
            OutputStream digested = new DigestOutputStream(Files.newOutputStream(part), sha256);
            this.out = new BufferedOutputStream(compressed ? new FastGzip(digested) : digested, 1 << 16);
        }

        void write(byte[] row) throws IOException {
            out.write(row);
            out.write('\n');
            rows++;
        }

        void moveToItsPlace() throws IOException {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }

        String digest() {
            return HexFormat.of().formatHex(sha256.digest());
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** An extract is written once and read once: speed is worth more than the last bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
