/** What our processes expose at {@code /metrics}, read. */
@NullMarked
package txlookup.apply.metrics;

import org.jspecify.annotations.NullMarked;
