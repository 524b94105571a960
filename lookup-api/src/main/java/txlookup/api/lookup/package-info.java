/** The lookups: controllers, and the way of each from its caller to its audited answer. */
@NullMarked
package txlookup.api.lookup;

import org.jspecify.annotations.NullMarked;
