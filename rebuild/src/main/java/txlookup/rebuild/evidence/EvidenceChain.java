package txlookup.rebuild.evidence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import txlookup.profiles.digest.Sha256;

/**
 * The bundles of a folder, each begun with the hash that the one before ended with. {@code chain.txt} names them in their
 * order with that hash, so that a bundle that is gone, or is another's, is noticed. Whoever may write the folder could hash
 * everything anew: keep the newest head elsewhere.
 */
public final class EvidenceChain {
    private static final String REGISTER = "chain.txt";
    private static final String BUNDLE = "bundle.json";
    private static final String READABLE = "bundle.md";
    private static final int HASH_LENGTH = 64;

    private final Path folder;

    /** One line of the register. */
    record Link(String head, String name) {
        static Link parse(String line) {
            return line.length() > HASH_LENGTH + 1
                    ? new Link(line.substring(0, HASH_LENGTH), line.substring(HASH_LENGTH + 1))
                    : new Link("", line);
        }
    }

    /**
     * A bundle in the list.
     *
     * @param name what {@code show} takes: its folder within the evidence
     */
    public record Listed(String name, Bundle bundle) {}

    /** @param folder where the evidence is, a folder for each act */
    public EvidenceChain(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds a bundle in a folder of that name, as JSON and as Markdown.
     *
     * @return the bundle's file
     */
    public Path append(String name, Bundle.Draft draft) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel register = FileChannel.open(
                        folder.resolve(REGISTER), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = register.lock()) {
            List<Link> links = links();
            String place = freePlace(name);
            Bundle bundle = draft.after(
                    links.isEmpty()
                            ? Entry.NOTHING
                            : links.get(links.size() - 1).head());
            Path file = Files.createDirectories(folder.resolve(place)).resolve(BUNDLE);
            Files.write(file, Entry.write(bundle));
            Files.writeString(file.resolveSibling(READABLE), bundle.markdown());
            register.position(register.size());
            register.write(StandardCharsets.UTF_8.encode(bundle.head() + " " + place + "\n"));
            register.force(true);
            lock.release();
            return file;
        }
    }

    /** A resumed act may end twice; neither verdict replaces the other. */
    private String freePlace(String name) {
        String place = name;
        for (int again = 2; Files.exists(folder.resolve(place).resolve(BUNDLE)); again++) {
            place = name + "-" + again;
        }
        return place;
    }

    /** All bundles that can be read, oldest first. */
    public List<Listed> list() throws IOException {
        List<Listed> listed = new ArrayList<>();
        for (Link link : links()) {
            read(link.name()).ifPresent(bundle -> listed.add(new Listed(link.name(), bundle)));
        }
        return listed;
    }

    /**
     * One bundle; empty when there is none of that name.
     *
     * @throws IOException when it is no bundle
     */
    public Optional<Bundle> read(String name) throws IOException {
        Path file = folder.resolve(name).resolve(BUNDLE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Entry.read(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw new IOException("%s is not a bundle of evidence: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** The hash that everything so far ends with; keep it elsewhere. */
    public String head() throws IOException {
        List<Link> links = links();
        return links.isEmpty() ? Entry.NOTHING : links.get(links.size() - 1).head();
    }

    /** Names everything that was changed, removed or inserted, a line each; empty when all is as it was written. */
    public List<String> verify() throws IOException {
        List<String> faults = new ArrayList<>();
        String previous = Entry.NOTHING;
        List<Link> links = links();
        for (Link link : links) {
            Optional<Bundle> bundle = Optional.empty();
            try {
                bundle = read(link.name());
                if (bundle.isEmpty()) {
                    faults.add("%s: the bundle is missing".formatted(link.name()));
                }
            } catch (IOException e) {
                faults.add("%s: %s".formatted(link.name(), e.getMessage()));
            }
            if (bundle.isPresent()) {
                faults.addAll(new BundleCheck(link.name(), bundle.get()).faults(previous, link.head()));
                faults.addAll(files(link.name(), bundle.get()));
            }
            previous = link.head();
        }
        for (String inserted : onDisk()) {
            if (links.stream().noneMatch(link -> link.name().equals(inserted))) {
                faults.add("%s: the bundle is in no line of %s; it was inserted, or its line removed"
                        .formatted(inserted, REGISTER));
            }
        }
        return faults;
    }

    private List<String> files(String name, Bundle bundle) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Entry entry : bundle.entries()) {
            if (entry.kind().equals(Bundle.FILE)) {
                String file = String.valueOf(entry.content().get("file"));
                Path path = folder.resolve(name).resolve(file).normalize();
                boolean same = path.startsWith(folder.resolve(name))
                        && Files.isRegularFile(path)
                        && Sha256.hex(Files.readAllBytes(path))
                                .equals(entry.content().get("sha256"));
                if (!same) {
                    faults.add(
                            "%s, entry %d: its file %s was changed or removed".formatted(name, entry.sequence(), file));
                }
            }
        }
        return faults;
    }

    private List<String> onDisk() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> Files.exists(path.resolve(BUNDLE)))
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private List<Link> links() throws IOException {
        Path register = folder.resolve(REGISTER);
        return Files.exists(register)
                ? Files.readAllLines(register).stream().map(Link::parse).toList()
                : List.of();
    }
}
