/** Shows which revisions will run, and what each of their statements locks. */
@NullMarked
package txlookup.schemacheck.plan;

import org.jspecify.annotations.NullMarked;
