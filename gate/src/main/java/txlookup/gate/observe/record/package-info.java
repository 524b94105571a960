/** What was seen of an environment, as it is recorded. */
@NullMarked
package txlookup.gate.observe.record;

import org.jspecify.annotations.NullMarked;
