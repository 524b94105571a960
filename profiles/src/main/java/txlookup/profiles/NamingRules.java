package txlookup.profiles;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.settings.MessagingSecurity;

/** Makes the naming out of the settings and has its names judged where they become names of Azure's. */
final class NamingRules {

    private static final List<String> PARTS =
            List.of("naming.team", "naming.project", "naming.short", "naming.owner", "naming.env", "naming.envShort");
    private static final String EVENT_HUBS_DOMAIN = ".servicebus.windows.net";

    private final Settings settings;

    NamingRules(Settings settings) {
        this.settings = settings;
    }

    /** The naming, if every part of it is there and well formed. */
    Optional<Naming> naming() {
        Optional<String> env = settings.text("naming.env");
        Optional<String> owner = settings.text("naming.owner");
        boolean broken = Stream.concat(PARTS.stream(), Stream.of("naming.ttl")).anyMatch(settings::isBroken);
        if (broken || env.isEmpty() || owner.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Naming(
                settings.text("naming.team").orElseThrow(),
                settings.text("naming.project").orElseThrow(),
                settings.text("naming.short").orElseThrow(),
                owner.get(),
                env.get(),
                settings.text("naming.envShort").orElseGet(() -> env.get().substring(0, 1)),
                settings.text("naming.ttl").flatMap(NamingRules::day)));
    }

    /** A local environment makes no resource, so only the cloud stages' names are judged. */
    void checkCloud(Naming naming) {
        Names names = new Names(naming);
        List<ProfileProblem> problems = names.problems();
        settings.problems().addAll(problems);
        if (problems.isEmpty()) {
            checkOwnNamespace(names.eventHubsBootstrapServers());
        }
    }

    /**
     * The namespace is private to one owner (docs/policy.md), so another Event Hubs namespace is someone else's. Another
     * Kafka is logged in to with a password.
     */
    private void checkOwnNamespace(String own) {
        boolean eventHubs = settings.text("messaging.security")
                .map(MessagingSecurity::valueOf)
                .filter(MessagingSecurity::isEventHubs)
                .isPresent();
        if (settings.text("messaging.bootstrapServers")
                .filter(given -> (eventHubs || given.contains(EVENT_HUBS_DOMAIN)) && !given.equals(own))
                .isPresent()) {
            settings.refuse("messaging.bootstrapServers", own + ", the environment's own namespace, or nothing");
        }
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }
}
