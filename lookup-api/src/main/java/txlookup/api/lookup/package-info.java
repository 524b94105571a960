/** The lookups: controllers, their audited journey, and the queries behind them. */
@NullMarked
package txlookup.api.lookup;

import org.jspecify.annotations.NullMarked;
