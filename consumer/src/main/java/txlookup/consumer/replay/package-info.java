/** Carries out orders to replay dead letters. */
@NullMarked
package txlookup.consumer.replay;

import org.jspecify.annotations.NullMarked;
