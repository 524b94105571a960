/** HTTP itself: the server, request filters, parameters, cursors, problem documents, JSON. */
@NullMarked
package txlookup.api.web;

import org.jspecify.annotations.NullMarked;
