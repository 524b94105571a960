/** Executes a plan of destruction, journals each step and reports the result. */
@NullMarked
package txlookup.azure.destroy.run;

import org.jspecify.annotations.NullMarked;
