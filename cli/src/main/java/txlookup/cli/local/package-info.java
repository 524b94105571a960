/** Commands that start, show and stop the environment on this machine. */
@NullMarked
package txlookup.cli.local;

import org.jspecify.annotations.NullMarked;
