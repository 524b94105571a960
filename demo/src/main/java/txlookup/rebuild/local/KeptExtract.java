package txlookup.rebuild.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.traffic.Extract;

/**
 * What a generation of this machine was loaded from. It is kept, with a manifest of the instant at which it was read, so
 * that a later generation can be loaded from it: what was published since is in the log.
 *
 * @param folder holds the manifest, and files where there was anything to load
 * @param asOf when it was read
 */
record KeptExtract(Path folder, Instant asOf) {
    private static final List<String> FILES = List.of("ledger-entries.ndjson.gz", "payment-orders.ndjson.gz");

    /** Keeps that nothing was loaded, unless that folder holds an extract already. */
    static void ofNothing(Path folder, Instant asOf) throws IOException {
        Path manifest = folder.resolve(Extract.MANIFEST);
        if (!Files.exists(manifest)) {
            Files.createDirectories(folder);
            Path part = Files.writeString(
                    folder.resolve(Extract.MANIFEST + ".part"), "{\"asOf\": \"%s\", \"files\": []}%n".formatted(asOf));
            Files.move(part, manifest, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The newest one; empty where none is kept. */
    static Optional<KeptExtract> newest(Path extracts) throws IOException {
        if (!Files.isDirectory(extracts)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(extracts)) {
            Optional<Path> newest = folders.filter(folder -> Files.exists(folder.resolve(Extract.MANIFEST)))
                    .max(Comparator.comparing(folder -> folder.getFileName().toString()));
            return newest.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new KeptExtract(newest.get(), asOf(newest.get().resolve(Extract.MANIFEST))));
        }
    }

    private static Instant asOf(Path manifest) throws IOException {
        try {
            return Instant.parse(JsonMapper.shared()
                    .readTree(Files.readAllBytes(manifest))
                    .path("asOf")
                    .asString(""));
        } catch (JacksonException | DateTimeException e) {
            throw new IOException("%s does not say when it was read: %s".formatted(manifest, e.getMessage()), e);
        }
    }

    /** What is to be loaded. */
    List<Input> inputs() throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                Entity entity = name.startsWith("ledger") ? Entity.LEDGER_ENTRY : Entity.PAYMENT_ORDER;
                inputs.addAll(ExtractFiles.at(file, entity, InputStream.nullInputStream()));
            }
        }
        return inputs;
    }
}
