/** What the brokers say about offsets and topics, and the gaps found in them. */
@NullMarked
package txlookup.consumer.offsets;

import org.jspecify.annotations.NullMarked;
