/** How an environment that was made, or a revision in it, is judged before anybody depends on it. */
@NullMarked
package txlookup.azure.judge;

import org.jspecify.annotations.NullMarked;
