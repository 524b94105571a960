/** Keeps the list of open payments behind what is applied. */
@NullMarked
package txlookup.consumer.pairing;

import org.jspecify.annotations.NullMarked;
