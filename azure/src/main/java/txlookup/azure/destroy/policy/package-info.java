/** Who may be destroyed: everything is kept unless its name and its tags both say otherwise. */
@NullMarked
package txlookup.azure.destroy.policy;

import org.jspecify.annotations.NullMarked;
