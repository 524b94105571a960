package txlookup.profiles;

import java.nio.file.Path;
import java.util.Optional;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.events.EventProfiles;
import txlookup.profiles.settings.EventSettings;

/** Loads the event profile that a profile names and finds the two effective topics (docs/contract.md, "Topics"). */
final class EventRules {

    private static final String LEDGER = "events.ledgerTopic";
    private static final String PAYMENT_ORDER = "events.paymentOrderTopic";

    private final Settings settings;
    private final Path workingDirectory;

    EventRules(Settings settings, Path workingDirectory) {
        this.settings = settings;
        this.workingDirectory = workingDirectory;
    }

    /** The event settings, if nothing about them is wrong. */
    Optional<EventSettings> events() {
        Optional<EventProfile> loaded = settings.text("events.profile")
                .flatMap(name -> EventProfiles.load(
                        workingDirectory,
                        "events.profile",
                        name,
                        settings.originOf("events.profile"),
                        settings.problems()));
        if (loaded.isEmpty() || settings.isBroken(LEDGER) || settings.isBroken(PAYMENT_ORDER)) {
            return Optional.empty();
        }
        EventProfile profile = loaded.get();
        String ledger = settings.text(LEDGER).orElse(profile.ledgerTopic());
        String paymentOrder = settings.text(PAYMENT_ORDER).orElse(profile.paymentOrderTopic());
        if (ledger.equals(paymentOrder)) {
            String given = settings.text(PAYMENT_ORDER).isPresent() ? PAYMENT_ORDER : LEDGER;
            settings.refuse(given, "two effective topics that differ, but both are " + ledger);
        }
        return settings.duration("events.maxFutureSkew")
                .map(skew -> new EventSettings(profile, ledger, paymentOrder, skew));
    }
}
