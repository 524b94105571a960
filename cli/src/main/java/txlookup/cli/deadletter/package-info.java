/** Commands that list, replay, edit and discard dead letters. */
@NullMarked
package txlookup.cli.deadletter;

import org.jspecify.annotations.NullMarked;
