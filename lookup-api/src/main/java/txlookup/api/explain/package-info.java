/** Explains why a lookup's answer is what it is, and where its rows came from. */
@NullMarked
package txlookup.api.explain;

import org.jspecify.annotations.NullMarked;
