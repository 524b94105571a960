/** Commands that verify and export the audit and the evidence. */
@NullMarked
package txlookup.cli.audit;

import org.jspecify.annotations.NullMarked;
