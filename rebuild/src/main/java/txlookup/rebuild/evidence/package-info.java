/** The evidence of a rebuild: its journal, its decision, its chained bundles. */
@NullMarked
package txlookup.rebuild.evidence;

import org.jspecify.annotations.NullMarked;
