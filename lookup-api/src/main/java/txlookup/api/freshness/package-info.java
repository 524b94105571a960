/** How old the data of a generation is, from the watermarks of its partitions. */
@NullMarked
package txlookup.api.freshness;

import org.jspecify.annotations.NullMarked;
