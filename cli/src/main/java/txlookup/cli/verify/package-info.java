/** The command that compares a store with its source, its log or another generation. */
@NullMarked
package txlookup.cli.verify;

import org.jspecify.annotations.NullMarked;
