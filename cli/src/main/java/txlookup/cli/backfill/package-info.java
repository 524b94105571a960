/** Commands that load a backfill and generate synthetic traffic. */
@NullMarked
package txlookup.cli.backfill;

import org.jspecify.annotations.NullMarked;
