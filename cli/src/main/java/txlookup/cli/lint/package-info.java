/** Commands that judge and show migrations before they run. */
@NullMarked
package txlookup.cli.lint;

import org.jspecify.annotations.NullMarked;
