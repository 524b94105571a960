/** The console for people: its beans and the page that shows a failure. */
@NullMarked
package txlookup.api.console;

import org.jspecify.annotations.NullMarked;
