/** Runs revisions on a scratch store and reads what PostgreSQL says that each statement did. */
@NullMarked
package txlookup.schemacheck.observe;

import org.jspecify.annotations.NullMarked;
