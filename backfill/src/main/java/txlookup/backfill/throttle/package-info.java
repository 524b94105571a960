/** Holds a load back while lookups are slow or the stream lags. */
@NullMarked
package txlookup.backfill.throttle;

import org.jspecify.annotations.NullMarked;
