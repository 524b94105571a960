package txlookup.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Where this user keeps what can be made again: unpacked programs, class archives. */
public final class CacheFolder {
    private static final String NAME = "txlookup";
    private static final Path FOR_ROOT = Path.of("/var/cache");

    private CacheFolder() {}

    /**
     * {@code $XDG_CACHE_HOME/txlookup}, else {@code ~/.cache/txlookup}; for root {@code /var/cache/txlookup}, because what
     * root starts as another user cannot look into root's home; for a user without a home a folder of the user's own in
     * the system's temporary folder. The folder is made when missing.
     *
     * @throws LocalEnvironmentException when it cannot be made, or is not this user's
     */
    public static Path ofThisUser() {
        return of(System.getProperty("user.name"), Path.of(System.getProperty("user.home")), System.getenv());
    }

    static Path of(String user, Path home, Map<String, String> environment) {
        String chosen = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (Path.of(chosen).isAbsolute()) {
            return make(Path.of(chosen).resolve(NAME));
        }
        if (user.equals("root") && Files.isWritable(FOR_ROOT)) {
            return make(FOR_ROOT.resolve(NAME));
        }
        if (home.isAbsolute() && Files.isWritable(home)) {
            return make(home.resolve(".cache").resolve(NAME));
        }
        return makePrivate(Path.of(System.getProperty("java.io.tmpdir"), NAME + "-cache-" + user));
    }

    private static Path make(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot make the cache folder " + folder + ": " + e + "; name another in XDG_CACHE_HOME", e);
        }
    }

    /** Programs will be run from it, so it must not be a folder that someone else put there first. */
    private static Path makePrivate(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path mine = Files.createTempFile("txlookup", ".owner");
            try {
                if (!Files.getOwner(folder).equals(Files.getOwner(mine))) {
                    throw new LocalEnvironmentException("the cache folder " + folder + " belongs to "
                            + Files.getOwner(folder) + "; name another in XDG_CACHE_HOME");
                }
            } finally {
                Files.delete(mine);
            }
            return folder;
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot make the cache folder " + folder + ": " + e + "; name another in XDG_CACHE_HOME", e);
        }
    }
}
