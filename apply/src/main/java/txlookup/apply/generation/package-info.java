/** Which generation serves, and the acts that change it (docs/architecture.md, Acts). */
@NullMarked
package txlookup.apply.generation;

import org.jspecify.annotations.NullMarked;
