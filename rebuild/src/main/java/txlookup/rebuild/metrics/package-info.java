/** The metrics without which a rebuild is not monitored. */
@NullMarked
package txlookup.rebuild.metrics;

import org.jspecify.annotations.NullMarked;
