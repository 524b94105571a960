/** The running lookup API and the beans that it is made of; each lookup is audited before it is answered. */
@NullMarked
package txlookup.api;

import org.jspecify.annotations.NullMarked;
