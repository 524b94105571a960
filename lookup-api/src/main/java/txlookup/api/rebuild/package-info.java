/** What rebuilds left behind, read from their evidence. */
@NullMarked
package txlookup.api.rebuild;

import org.jspecify.annotations.NullMarked;
