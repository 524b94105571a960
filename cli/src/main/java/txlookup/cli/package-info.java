/** One executable: its main class, its exit codes and what a failure prints. */
@NullMarked
package txlookup.cli;

import org.jspecify.annotations.NullMarked;
