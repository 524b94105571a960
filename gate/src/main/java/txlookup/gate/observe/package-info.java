/** Observes an environment: services, metrics, lookups, Prometheus, Azure's logs. */
@NullMarked
package txlookup.gate.observe;

import org.jspecify.annotations.NullMarked;
