/** How commands show progress on a terminal and in a log. */
@NullMarked
package txlookup.cli.view;

import org.jspecify.annotations.NullMarked;
