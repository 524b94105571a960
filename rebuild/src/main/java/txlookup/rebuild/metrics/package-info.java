/** Metrics that a rebuild scrapes, and how long events took to become visible. */
@NullMarked
package txlookup.rebuild.metrics;

import org.jspecify.annotations.NullMarked;
