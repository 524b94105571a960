/** Publishes markers and measures how long they take to become visible. */
@NullMarked
package txlookup.gate.observe.canary;

import org.jspecify.annotations.NullMarked;
