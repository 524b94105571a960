package txlookup.gate.alerts;

import java.util.Map;

/** One rule as Prometheus has them. */
sealed interface AlertRule {
    String expression();

    /** Keeps what an expression came to, as a series. */
    record Recording(String name, String expression) implements AlertRule {}

    /**
     * Fires while its expression gives something.
     *
     * @param lasting how long before it fires, such as {@code 5m}
     * @param labels severity and objective
     */
    record Alert(
            String name, String expression, String lasting, Map<String, String> labels, Map<String, String> annotations)
            implements AlertRule {}
}
