package txlookup.azure.blob;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import txlookup.backfill.source.ExtractFile;
import txlookup.backfill.source.ExtractFolder;

/** Extracts in containers of blobs, read as they are loaded. */
public final class BlobExtracts implements ExtractFolder.Place {
    @Override
    public boolean isMeant(String address) {
        return address.matches("https?://.*");
    }

    @Override
    public ExtractFolder folder(String address) {
        return of(BlobFolder.at(URI.create(address.replaceAll("/+$", ""))));
    }

    /** A folder of blobs as one of extracts. */
    public static ExtractFolder of(BlobFolder blobs) {
        return new Folder(blobs.address().toString(), blobs);
    }

    private record Folder(String name, BlobFolder blobs) implements ExtractFolder {
        @Override
        public boolean has(String file) throws IOException {
            return blobs.has(file);
        }

        @Override
        public ExtractFile file(String file) {
            return new Blob(name + "/" + file, file, blobs);
        }

        @Override
        public List<String> names() throws IOException {
            return blobs.names("").stream().filter(name -> !name.contains("/")).toList();
        }
    }

    private record Blob(String name, String file, BlobFolder blobs) implements ExtractFile {
        @Override
        public long size() throws IOException {
            return blobs.size(file);
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return new FilledChannel(blobs.open(file));
        }
    }
}
