package txlookup.rebuild.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretSource;

/**
 * Secrets of the local environment: made at random when it is made, one file each, readable by their owner alone. A
 * variable of the same name in the environment wins.
 */
public final class LocalSecrets implements SecretSource {
    private static final int BYTES = 24;

    private final Path folder;
    private final SecretSource environment;

    /**
     * Secrets of one data folder.
     *
     * @param environment the process's environment variables
     */
    public LocalSecrets(LocalFolders folders, Map<String, String> environment) {
        this.folder = folders.secrets();
        this.environment = SecretSource.environment(environment);
    }

    /** Makes the secrets that are not there yet. */
    void makeMissing(Collection<String> names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            if (find(name).isEmpty()) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                Path part = folder.resolve(name + ".part");
                Files.deleteIfExists(part);
                Files.createFile(
                        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(part, HexFormat.of().formatHex(random));
                Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    @Override
    public Optional<Secret> find(String name) {
        Optional<Secret> given = environment.find(name);
        Path file = folder.resolve(name);
        if (given.isPresent() || !Files.isRegularFile(file)) {
            return given;
        }
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(value -> !value.isEmpty())
                    .map(Secret::new);
        } catch (IOException e) {
            throw new UncheckedIOException("The secret file %s cannot be read".formatted(file), e);
        }
    }

    @Override
    public String describe() {
        return "the environment and " + folder;
    }
}
