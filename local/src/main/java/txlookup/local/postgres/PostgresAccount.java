package txlookup.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.local.process.Command;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.OwnSession;

/**
 * Whom PostgreSQL runs as, since it refuses to run as root.
 *
 * @param prefix what comes before a command to run it as that user; each part replaces itself by the next, so the
 *     process id stays
 * @param owner who must own the data folder; empty when its maker does
 */
record PostgresAccount(List<String> prefix, Optional<UserPrincipal> owner) {
    /** The one capability that lets another user pass through root's private folders to the data. */
    static final List<String> PASS_PRIVATE_FOLDERS =
            List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override");

    private static final Duration ENOUGH_FOR_PROBE = Duration.ofSeconds(20);
    private static final List<String> USUAL_UNPRIVILEGED_USERS = List.of("postgres", "nobody", "daemon");
    /** initdb shows its settings only to a user whom it would work for: not root, and able to reach its programs. */
    private static final String CAN_RUN = "cd \"$1\" && exec \"$0\" --show --pgdata=\"$1/probe\"";

    /** Any user but root runs it as itself. Root finds the first way that really starts PostgreSQL on this machine. */
    static PostgresAccount choose(PostgresBinaries binaries, Path dataFolder) {
        if (!Command.run(List.of("id", "-u"), ENOUGH_FOR_PROBE).output().strip().equals("0")) {
            return new PostgresAccount(List.of(), Optional.empty());
        }
        return choose(binaries, dataFolder, waysForRoot(dataFolder));
    }

    static PostgresAccount choose(PostgresBinaries binaries, Path dataFolder, List<PostgresAccount> ways) {
        List<String> failures = new ArrayList<>();
        for (PostgresAccount way : ways) {
            Command.Result probe = Command.run(
                    way.command(
                            "/bin/sh",
                            "-c",
                            CAN_RUN,
                            binaries.initdb().toString(),
                            dataFolder.getParent().toString()),
                    ENOUGH_FOR_PROBE);
            if (probe.succeeded()) {
                return way;
            }
            failures.add(String.join(" ", way.prefix) + ": " + probe.lastLine());
        }
        throw new LocalEnvironmentException("PostgreSQL does not run as root, and no other way was found (tried "
                + (failures.isEmpty() ? "none: neither unshare nor setpriv is installed" : String.join("; ", failures))
                + "; " + binaries.folder() + " and " + dataFolder.getParent()
                + " must be reachable); run as an ordinary user");
    }

    /**
     * A namespace of its own first: the files stay root's. Another user next, at last with a capability.
     */
    private static List<PostgresAccount> waysForRoot(Path dataFolder) {
        Optional<UserPrincipal> present =
                ownerOf(dataFolder).filter(owner -> !owner.getName().equals("root"));
        Optional<PostgresAccount> namespace = present.isPresent()
                ? Optional.empty() // made by another user before, and still that user's
                : OwnSession.program("unshare")
                        .map(unshare -> new PostgresAccount(List.of(unshare.toString(), "-U"), Optional.empty()));
        List<UserPrincipal> users = present.map(List::of).orElseGet(PostgresAccount::unprivilegedUsers);
        return Stream.of(
                        namespace.stream(),
                        users.stream().flatMap(user -> asUser(user, List.of()).stream()),
                        users.stream().flatMap(user -> asUser(user, PASS_PRIVATE_FOLDERS).stream()))
                .flatMap(way -> way)
                .toList();
    }

    static Optional<PostgresAccount> asUser(UserPrincipal user, List<String> capabilities) {
        return OwnSession.program("setpriv").map(setpriv -> {
            String group = Command.run(List.of("id", "-g", user.getName()), ENOUGH_FOR_PROBE)
                    .output()
                    .strip();
            List<String> prefix = new ArrayList<>(
                    List.of(setpriv.toString(), "--reuid=" + user.getName(), "--regid=" + group, "--clear-groups"));
            prefix.addAll(capabilities);
            return new PostgresAccount(List.copyOf(prefix), Optional.of(user));
        });
    }

    private static List<UserPrincipal> unprivilegedUsers() {
        return USUAL_UNPRIVILEGED_USERS.stream()
                .flatMap(name -> user(name).stream())
                .toList();
    }

    static Optional<UserPrincipal> user(String name) {
        try {
            return Optional.of(
                    Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot look up the user " + name + ": " + e, e);
        }
    }

    private static Optional<UserPrincipal> ownerOf(Path folder) {
        try {
            return Files.isDirectory(folder) ? Optional.of(Files.getOwner(folder)) : Optional.empty();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot see who owns " + folder + ": " + e, e);
        }
    }

    List<String> command(String... command) {
        return Stream.concat(prefix.stream(), Stream.of(command)).toList();
    }

    /** Gives a file, or a folder with all in it, to the user that the server runs as. */
    void own(Path path) throws IOException {
        if (owner.isEmpty() || Files.getOwner(path).equals(owner.get())) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.toList()) {
                Files.setOwner(each, owner.get());
            }
        }
    }
}
