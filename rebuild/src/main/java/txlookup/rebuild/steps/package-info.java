/** The steps of a rebuild and the gates it must pass, one class each. */
@NullMarked
package txlookup.rebuild.steps;

import org.jspecify.annotations.NullMarked;
