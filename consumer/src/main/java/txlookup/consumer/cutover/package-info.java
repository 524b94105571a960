/** Finds the offsets at which a generation's stream begins. */
@NullMarked
package txlookup.consumer.cutover;

import org.jspecify.annotations.NullMarked;
