package txlookup.azure.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.azure.blob.BlobFolder;
import txlookup.rebuild.evidence.Journal;

/**
 * An environment's chain of evidence and the journal of its rebuilds, in blobs that are created and never replaced. Each
 * line of the chain is a blob of its number, so that of two that would write the same line one is refused.
 */
public final class KeptEvidence {
    private static final String FILES = "files";
    private static final String CHAIN = "chain";
    private static final String JOURNAL = "journal";
    private static final String REGISTER = "chain.txt";
    private static final String OPEN = "open";

    private final BlobFolder blobs;
    private final Path evidence;

    /** @param evidence the folder of this machine that is the same */
    public KeptEvidence(BlobFolder blobs, Path evidence) {
        this.blobs = blobs;
        this.evidence = evidence;
    }

    /** Brings all here that is not here yet, and says in what order it is chained. */
    public void fetch() throws IOException {
        for (String name : blobs.names(FILES)) {
            Path file = evidence.resolve(name.substring(FILES.length() + 1)).normalize();
            if (!file.startsWith(evidence.normalize())) {
                throw new IOException("%s in %s is no name of evidence".formatted(name, blobs.address()));
            }
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.write(file, read(name));
            }
        }
        StringBuilder register = new StringBuilder();
        for (String line : blobs.names(CHAIN)) {
            register.append(new String(read(line), UTF_8)).append('\n');
        }
        if (!register.isEmpty()) {
            Files.writeString(evidence.resolve(REGISTER), register);
        }
    }

    /** Keeps all that is here and not there yet; the chain comes last, so that it never names what is not there. */
    public void keep() throws IOException {
        if (!Files.isDirectory(evidence)) {
            return;
        }
        for (Path file : files()) {
            create(
                    FILES + "/"
                            + evidence.relativize(file)
                                    .toString()
                                    .replace(file.getFileSystem().getSeparator(), "/"),
                    Files.readAllBytes(file));
        }
        Path register = evidence.resolve(REGISTER);
        if (Files.exists(register)) {
            List<String> lines = Files.readAllLines(register);
            for (int i = 0; i < lines.size(); i++) {
                create(
                        CHAIN + "/" + String.format(Locale.ROOT, "%06d", i + 1),
                        lines.get(i).getBytes(UTF_8));
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> inside = Files.walk(evidence)) {
            return inside.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(evidence.resolve(REGISTER)))
                    .sorted()
                    .toList();
        }
    }

    /** Writes the journal of the newest rebuild here. */
    public void fetchJournal(Path journal) throws IOException {
        Optional<String> newest = blobs.names(JOURNAL).stream()
                .max(Comparator.comparing(KeptEvidence::generation).thenComparing(name -> name.endsWith(OPEN) ? 0 : 1));
        if (newest.isPresent()) {
            Files.createDirectories(journal.toAbsolutePath().getParent());
            Files.write(journal, read(newest.get()));
        }
    }

    private static long generation(String name) {
        return Long.parseLong(name.substring(JOURNAL.length() + 1, name.lastIndexOf('-')));
    }

    /** Keeps the journal as it is here, if it is here. */
    public void keepJournal(Path journal) throws IOException {
        Optional<Journal> here = Journal.read(journal);
        if (here.isPresent()) {
            String state =
                    here.get().isOpen() ? OPEN : String.valueOf(here.get().verdict());
            create("%s/%d-%s".formatted(JOURNAL, here.get().generation(), state), Files.readAllBytes(journal));
        }
    }

    private byte[] read(String name) throws IOException {
        return blobs.read(name)
                .orElseThrow(() -> new IOException("%s is gone from %s".formatted(name, blobs.address())));
    }

    private void create(String name, byte[] content) throws IOException {
        if (!blobs.create(name, content) && !Arrays.equals(read(name), content)) {
            throw new IOException(
                    "%s in %s is another one than here: somebody else wrote it meanwhile; compare both before the next run"
                            .formatted(name, blobs.address()));
        }
    }
}
