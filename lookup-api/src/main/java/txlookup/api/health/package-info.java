/** Probes and markers: whether the process works, and how far the stream has come. */
@NullMarked
package txlookup.api.health;

import org.jspecify.annotations.NullMarked;
