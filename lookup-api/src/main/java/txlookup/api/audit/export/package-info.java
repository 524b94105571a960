/** The audit's way out of the store: files of rows, and a chain of manifests that proves them. */
@NullMarked
package txlookup.api.audit.export;

import org.jspecify.annotations.NullMarked;
