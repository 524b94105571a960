/** Commands that judge an environment: smoke, objectives, alerts. */
@NullMarked
package txlookup.cli.gate;

import org.jspecify.annotations.NullMarked;
