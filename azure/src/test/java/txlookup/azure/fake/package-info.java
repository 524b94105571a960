/** A resource manager on this machine, for tests and to practise a rebuild without an account. */
@NullMarked
package txlookup.azure.fake;

import org.jspecify.annotations.NullMarked;
