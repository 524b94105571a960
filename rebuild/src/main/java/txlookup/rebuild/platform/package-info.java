/** What a rebuild needs of the place where an environment is made, and how its gates answer. */
@NullMarked
package txlookup.rebuild.platform;

import org.jspecify.annotations.NullMarked;
