/** Commands that recreate, promote and destroy environments. */
@NullMarked
package txlookup.cli.env;

import org.jspecify.annotations.NullMarked;
