/** Who calls: authentication, authorization, the client's address and the rate of each actor. */
@NullMarked
package txlookup.api.auth;

import org.jspecify.annotations.NullMarked;
