/** What a record becomes: a snapshot, a dead letter or a marker. */
@NullMarked
package txlookup.apply.model;

import org.jspecify.annotations.NullMarked;
