/** What people order about generations: over HTTP and in the console the same acts as on the command line. */
@NullMarked
package txlookup.api.act;

import org.jspecify.annotations.NullMarked;
