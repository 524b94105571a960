/** One input's chunks: read, decoded, written, committed in order. */
@NullMarked
package txlookup.backfill.pipeline;

import org.jspecify.annotations.NullMarked;
