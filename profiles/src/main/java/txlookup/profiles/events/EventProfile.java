package txlookup.profiles.events;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a source's events look like, as data (docs/contract.md, "Topics").
 *
 * @param name the profile's name, such as {@code canonical-v1}
 * @param ledgerTopic the topic that ledger entries come from unless it is overridden
 * @param paymentOrderTopic the topic that payment orders come from unless it is overridden; never the ledger topic
 * @param unwrap where the entity may sit inside the record's JSON: the first path that leads to an object is used, and
 *     the whole record is the entity where none does. Default: none
 * @param unavailable text that the source sends in place of a value that it left out, which must never be taken for the
 *     value. Default: none
 * @param ledger the fields of a ledger entry
 * @param paymentOrder the fields of a payment order
 */
public record EventProfile(
        String name,
        String ledgerTopic,
        String paymentOrderTopic,
        List<FieldPath> unwrap,
        Optional<String> unavailable,
        EventFields ledger,
        EventFields paymentOrder) {

    public EventProfile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(ledgerTopic, "ledgerTopic");
        Objects.requireNonNull(paymentOrderTopic, "paymentOrderTopic");
        unwrap = List.copyOf(unwrap);
        Objects.requireNonNull(unavailable, "unavailable");
        Objects.requireNonNull(ledger, "ledger");
        Objects.requireNonNull(paymentOrder, "paymentOrder");
    }
}
