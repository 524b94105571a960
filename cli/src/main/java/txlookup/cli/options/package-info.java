/** What a command works on: profile, store, broker login, generation. */
@NullMarked
package txlookup.cli.options;

import org.jspecify.annotations.NullMarked;
