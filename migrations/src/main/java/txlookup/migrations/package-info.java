/** The shape of the store: released migrations, and the one way to bring a database to head. */
@NullMarked
package txlookup.migrations;

import org.jspecify.annotations.NullMarked;
