/** Chooses the generation that answers a request, and keeps what each one needs to answer. */
@NullMarked
package txlookup.api.generation;

import org.jspecify.annotations.NullMarked;
