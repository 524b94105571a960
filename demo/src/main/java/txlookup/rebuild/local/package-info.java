/** The environment on one machine as a rebuild's platform, and the demo's traffic and gates. */
@NullMarked
package txlookup.rebuild.local;

import org.jspecify.annotations.NullMarked;
