/** Bytes to snapshots, by docs/contract.md and an event profile; whatever it refuses becomes a dead letter. */
@NullMarked
package txlookup.apply.decode;

import org.jspecify.annotations.NullMarked;
