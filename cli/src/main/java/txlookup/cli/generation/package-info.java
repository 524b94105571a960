/** Commands that list, switch, roll back, retire and reprocess generations. */
@NullMarked
package txlookup.cli.generation;

import org.jspecify.annotations.NullMarked;
