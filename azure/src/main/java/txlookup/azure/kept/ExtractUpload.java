package txlookup.azure.kept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import txlookup.azure.blob.BlobFolder;

/** Copies an extract of this machine to where a job finds it, under a name that its content gives: once for each content. */
public final class ExtractUpload {
    private static final String MANIFEST = "extract.json";
    private static final int DIGITS = 16;
    private static final int BUFFER = 1 << 16;

    private final BlobFolder extracts;
    private final Consumer<String> told;

    public ExtractUpload(BlobFolder extracts, Consumer<String> told) {
        this.extracts = extracts;
        this.told = told;
    }

    /**
     * Copies a file, or the files of a folder, with the manifest beside them.
     *
     * @return the address that a job reads
     */
    public String run(String where) throws IOException {
        Path path = Path.of(where);
        boolean folder = Files.isDirectory(path);
        List<Path> files = folder ? inside(path) : List.of(path);
        Path manifest = (folder ? path : path.toAbsolutePath().getParent()).resolve(MANIFEST);
        if (Files.exists(manifest) && !folder) {
            files = List.of(path, manifest);
        }
        String name = digest(files);
        for (Path file : files) {
            upload(name, file);
        }
        return extracts.address() + "/" + name + (folder ? "" : "/" + path.getFileName());
    }

    private void upload(String folder, Path file) throws IOException {
        boolean copied = extracts.upload(folder + "/" + file.getFileName(), file);
        told.accept("%s %s, %,d bytes"
                .formatted(copied ? "copied" : "already there:", file.getFileName(), Files.size(file)));
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String digest(List<Path> files) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (Path file : files) {
            try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), sha256)) {
                byte[] buffer = new byte[BUFFER];
                while (bytes.read(buffer) >= 0) {
                    // The digest is all that is wanted.
                }
            }
        }
        return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGITS);
    }
}
