/** The HTTP server, and what is around every request: limits, headers, measurements, traces and the answers to failures. */
@NullMarked
package txlookup.api.server;

import org.jspecify.annotations.NullMarked;
