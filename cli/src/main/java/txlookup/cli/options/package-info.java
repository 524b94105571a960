/** What commands share: the profile, store and generation they work on, exit codes, and what a clone adds. */
@NullMarked
package txlookup.cli.options;

import org.jspecify.annotations.NullMarked;
