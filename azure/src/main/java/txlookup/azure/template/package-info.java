/** The templates of an environment's resources, their parameters by stage, and what they evaluate to. */
@NullMarked
package txlookup.azure.template;

import org.jspecify.annotations.NullMarked;
