/** The log as it is: where it begins and ends, and what it holds from a generation's anchor on. */
@NullMarked
package txlookup.proof.log;

import org.jspecify.annotations.NullMarked;
