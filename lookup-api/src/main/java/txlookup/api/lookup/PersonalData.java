package txlookup.api.lookup;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import txlookup.api.auth.Caller;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.web.Json;

/**
 * Who sees what tells of a person: users, merchants and raw payloads.
 *
 * @param masked whether it is hidden from callers without the role {@link Caller#PII}
 */
public record PersonalData(boolean masked) {
    /** What stands in the place of what is hidden. */
    public static final String MASK = "***";

    /** Nothing is hidden. */
    public static final PersonalData SHOWN = new PersonalData(false);

    private static final Set<String> KEYS = Set.of("user_id", "merchant_name");

    public boolean hiddenFrom(Caller caller) {
        return masked && !caller.roles().contains(Caller.PII);
    }

    /** The text, or the mask where the caller may not see it. */
    public @Nullable String of(@Nullable String text, Caller caller) {
        return text != null && hiddenFrom(caller) ? MASK : text;
    }

    /**
     * As {@link #of(String, Caller)}, where it has to be asked for: looking at it is an act of its own, which the audit
     * names.
     *
     * @param revealed whether it was asked for, by somebody who may
     */
    public @Nullable String unless(boolean revealed, @Nullable String text) {
        return text != null && masked && !revealed ? MASK : text;
    }

    /** As {@link #unless(boolean, String)}, of an order's user and merchant. */
    public PairedOrder unless(boolean revealed, PairedOrder order) {
        return new PairedOrder(
                order.orderId(),
                unless(revealed, order.userId()),
                unless(revealed, order.merchantName()),
                order.amount(),
                order.status(),
                order.createdAt(),
                order.entries(),
                order.isTruncated());
    }

    String json(Object body, Caller caller) {
        return hiddenFrom(caller) ? Json.textMasking(KEYS, MASK, body) : Json.text(body);
    }
}
