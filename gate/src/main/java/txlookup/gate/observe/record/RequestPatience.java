package txlookup.gate.observe.record;

import java.time.Duration;
import java.util.Map;

/** How long a client of the gate waits for one answer of the broker. */
public final class RequestPatience {
    private static final String SETTING = "request.timeout.ms";

    private RequestPatience() {}

    /**
     * As short as the gate likes it, but never below what the profile wants of a broker behind TLS: Event Hubs has a least
     * time, and throttles by answering late.
     */
    public static int millis(Map<String, Object> broker, Duration wanted) {
        boolean hubs = String.valueOf(broker.get("security.protocol")).startsWith("SASL");
        Object profiles = broker.get(SETTING);
        return hubs && profiles != null
                ? Math.max((int) wanted.toMillis(), Integer.parseInt(profiles.toString()))
                : (int) wanted.toMillis();
    }
}
