package txlookup.backfill.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder that holds files of extracts, on this machine or elsewhere. */
public interface ExtractFolder {
    /** How messages name it. */
    String name();

    /** Whether a file of that name is in it. */
    boolean has(String file) throws IOException;

    /** The file of that name, which need not be there. */
    ExtractFile file(String file);

    /** The names of the files that are directly in it, in their order. */
    List<String> names() throws IOException;

    /** Where else than on this machine folders are; found as a service on the class path. */
    interface Place {
        /** Whether an address is one of this place. */
        boolean isMeant(String address);

        /** The folder at such an address. */
        ExtractFolder folder(String address);
    }

    /** A folder of this machine. */
    record Local(Path path) implements ExtractFolder {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public boolean has(String file) {
            return Files.exists(path.resolve(file));
        }

        @Override
        public ExtractFile file(String file) {
            return new ExtractFile.Local(path.resolve(file));
        }

        @Override
        public List<String> names() throws IOException {
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .sorted()
                        .toList();
            }
        }
    }
}
