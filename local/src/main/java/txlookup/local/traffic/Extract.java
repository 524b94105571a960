package txlookup.local.traffic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The state of payments as a backfill's extract: one file of JSON lines an entity.
 *
 * @param ledgerEntries the ledger entries' file
 * @param paymentOrders the payment orders' file
 */
public record Extract(Path ledgerEntries, Path paymentOrders) {
    /**
     * Writes the state of payments {@code from} up to but not including {@code to}. A file is there whole or not at all.
     *
     * @param compressed whether the files are {@code .ndjson.gz} rather than {@code .ndjson}
     */
    public static Extract write(Payments payments, long from, long to, Path folder, boolean compressed)
            throws IOException {
        Files.createDirectories(folder);
        String ending = compressed ? ".ndjson.gz" : ".ndjson";
        Extract extract =
                new Extract(folder.resolve("ledger-entries" + ending), folder.resolve("payment-orders" + ending));
        Path ledgerPart = part(extract.ledgerEntries);
        Path ordersPart = part(extract.paymentOrders);
        try (OutputStream ledger = open(ledgerPart, compressed);
                OutputStream orders = open(ordersPart, compressed)) {
            for (long n = from; n < to; n++) {
                for (Event event : payments.state(n)) {
                    OutputStream out = event.kind() == Event.Kind.LEDGER_ENTRY ? ledger : orders;
                    out.write(event.value());
                    out.write('\n');
                }
            }
        }
        Files.move(ledgerPart, extract.ledgerEntries, StandardCopyOption.ATOMIC_MOVE);
        Files.move(ordersPart, extract.paymentOrders, StandardCopyOption.ATOMIC_MOVE);
        return extract;
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /** An extract is written once and read once: speed is worth more than the last bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static OutputStream open(Path file, boolean compressed) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return new BufferedOutputStream(compressed ? new FastGzip(out) : out, 1 << 16);
    }
}
