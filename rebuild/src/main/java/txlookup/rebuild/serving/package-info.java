/** What a rebuild asks the store about the generations beside its own, and how its own comes to serve. */
@NullMarked
package txlookup.rebuild.serving;

import org.jspecify.annotations.NullMarked;
