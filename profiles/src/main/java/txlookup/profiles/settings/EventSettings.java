package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;
import txlookup.profiles.events.EventProfile;

/**
 * What the events look like and where they come from.
 *
 * @param profile the event profile; default {@code canonical-v1}
 * @param ledgerTopic the effective topic of the ledger entries: override, else the event profile's
 * @param paymentOrderTopic the effective topic of the payment orders: override, else the event profile's; never the
 *     ledger's
 * @param maxFutureSkew how far {@code updated_at} may be ahead of the reader's clock; default 1 h
 */
public record EventSettings(
        EventProfile profile, String ledgerTopic, String paymentOrderTopic, Duration maxFutureSkew) {

    public EventSettings {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(ledgerTopic, "ledgerTopic");
        Objects.requireNonNull(paymentOrderTopic, "paymentOrderTopic");
        Objects.requireNonNull(maxFutureSkew, "maxFutureSkew");
    }
}
