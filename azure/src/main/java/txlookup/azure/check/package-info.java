/** What has to hold before an environment can be made for the first time, asked read-only. */
@NullMarked
package txlookup.azure.check;

import org.jspecify.annotations.NullMarked;
