package txlookup.cli.audit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import txlookup.api.audit.export.ExportTarget;
import txlookup.api.audit.export.FolderTarget;
import txlookup.azure.blob.BlobFolder;

/** Where an audit is exported to, as it is written in a profile or a command: a folder or an address. */
public final class ExportTargets {
    private ExportTargets() {}

    public static ExportTarget toRead(String where) {
        return isAddress(where) ? new Blobs(blobs(where)) : FolderTarget.toRead(Path.of(where));
    }

    public static ExportTarget toWrite(String where) throws IOException {
        if (!isAddress(where)) {
            return FolderTarget.toWrite(Path.of(where));
        }
        BlobFolder blobs = blobs(where);
        blobs.make();
        return new Blobs(blobs);
    }

    private static boolean isAddress(String where) {
        return where.matches("https?://.*");
    }

    private static BlobFolder blobs(String where) {
        return BlobFolder.at(URI.create(where));
    }

    private record Blobs(BlobFolder blobs) implements ExportTarget {
        @Override
        public String address() {
            return blobs.address().toString();
        }

        @Override
        public Optional<byte[]> read(String name) throws IOException {
            return blobs.read(name);
        }

        @Override
        public boolean create(String name, byte[] content) throws IOException {
            return blobs.create(name, content);
        }

        @Override
        public List<String> names(String folder) throws IOException {
            return blobs.names(folder);
        }
    }
}
