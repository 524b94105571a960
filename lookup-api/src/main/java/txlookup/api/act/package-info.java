/** Acts on generations that people order over HTTP or in the console, as on the command line. */
@NullMarked
package txlookup.api.act;

import org.jspecify.annotations.NullMarked;
