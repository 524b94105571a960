/** The consumer's process: what it is made of, started and stopped in order. */
@NullMarked
package txlookup.consumer;

import org.jspecify.annotations.NullMarked;
