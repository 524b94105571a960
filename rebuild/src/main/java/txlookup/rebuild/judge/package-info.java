/** The verdicts on objectives as gates of a rebuild. */
@NullMarked
package txlookup.rebuild.judge;

import org.jspecify.annotations.NullMarked;
