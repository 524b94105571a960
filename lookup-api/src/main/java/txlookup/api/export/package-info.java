/** Lists as files of comma-separated values, each audited as one export. */
@NullMarked
package txlookup.api.export;

import org.jspecify.annotations.NullMarked;
