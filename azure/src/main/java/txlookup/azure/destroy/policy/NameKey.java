package txlookup.azure.destroy.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;

/** The first of the two keys: the name, read back into kind, owner and environment. */
final class NameKey {
    private static final int PARTS = 5;

    private final Naming naming;
    private final Names names;

    NameKey(Naming naming) {
        this.naming = naming;
        this.names = new Names(naming);
    }

    /** What a name says; the kinds that it may be. */
    record Reading(Set<AzureKind> kinds, String owner, String env) {}

    Optional<Reading> read(String name) {
        return names.parse(name)
                .map(parsed -> new Reading(
                        Arrays.stream(AzureKind.values())
                                .filter(kind -> kind.resourceKind()
                                        .filter(parsed.kind()::equals)
                                        .isPresent())
                                .collect(Collectors.toSet()),
                        parsed.owner(),
                        parsed.env()))
                .or(() -> readWatcher(name));
    }

    Optional<Reason> judge(String type, String name) {
        Optional<Reading> reading = read(name);
        if (reading.isEmpty()) {
            return Optional.of(
                    new Reason(ReasonCode.NAME_NOT_OURS, "the name " + name + " does not follow the naming rule"));
        }
        if (!isOurs(reading.get())) {
            return Optional.of(new Reason(
                    ReasonCode.NAME_OF_ANOTHER,
                    "the name says owner %s, env %s; the profile says %s, %s"
                            .formatted(reading.get().owner(), reading.get().env(), naming.owner(), naming.env())));
        }
        if (reading.get().kinds().stream().noneMatch(kind -> kind.isOf(type))) {
            return Optional.of(new Reason(
                    ReasonCode.TYPE_IS_ANOTHER,
                    "the name says %s, but it is a %s"
                            .formatted(kinds(reading.get().kinds()), type)));
        }
        return Optional.empty();
    }

    boolean isOurs(Reading reading) {
        return reading.owner().equals(naming.owner()) && reading.env().equals(naming.env());
    }

    private Optional<Reading> readWatcher(String name) {
        String[] parts = name.split("-", -1);
        if (parts.length != PARTS
                || !parts[0].equals(naming.team())
                || !parts[1].equals(naming.project())
                || !Arrays.stream(parts).allMatch(part -> part.matches("[a-z0-9]+"))) {
            return Optional.empty();
        }
        return Arrays.stream(AzureKind.values())
                .filter(kind -> kind.resourceKind().isEmpty() && kind.token().equals(parts[2]))
                .findFirst()
                .map(kind -> new Reading(Set.of(kind), parts[3], parts[4]));
    }

    private static List<String> kinds(Set<AzureKind> kinds) {
        return kinds.stream().map(AzureKind::type).sorted().toList();
    }
}
