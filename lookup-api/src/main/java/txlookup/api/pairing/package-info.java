/** How the entries of a payment pair, derived from the entries themselves. */
@NullMarked
package txlookup.api.pairing;

import org.jspecify.annotations.NullMarked;
