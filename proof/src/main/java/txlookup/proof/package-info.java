/** Compares a source with the store while both go on living. */
@NullMarked
package txlookup.proof;

import org.jspecify.annotations.NullMarked;
