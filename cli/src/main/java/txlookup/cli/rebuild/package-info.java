/** The command that rebuilds an environment and shows how it goes. */
@NullMarked
package txlookup.cli.rebuild;

import org.jspecify.annotations.NullMarked;
