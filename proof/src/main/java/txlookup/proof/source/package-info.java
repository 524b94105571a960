/** What the store is compared with: files and tables of the source, or the log. */
@NullMarked
package txlookup.proof.source;

import org.jspecify.annotations.NullMarked;
