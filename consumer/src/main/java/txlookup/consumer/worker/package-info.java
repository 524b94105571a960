/** Applies one partition's records: take, decode, write, advance. */
@NullMarked
package txlookup.consumer.worker;

import org.jspecify.annotations.NullMarked;
