/** Console pages that show dead letters and order their replay or discard. */
@NullMarked
package txlookup.api.console.deadletter;

import org.jspecify.annotations.NullMarked;
