/** Polls the topics and hands each partition's records to its worker. */
@NullMarked
package txlookup.consumer.poll;

import org.jspecify.annotations.NullMarked;
