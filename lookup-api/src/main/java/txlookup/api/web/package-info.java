/** What requests and answers are made of: parameters, cursors, problem documents, JSON. */
@NullMarked
package txlookup.api.web;

import org.jspecify.annotations.NullMarked;
