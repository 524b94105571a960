/** An OpenID Connect issuer for practice: three people, one client, keys that rotate on demand. */
@NullMarked
package txlookup.issuer;

import org.jspecify.annotations.NullMarked;
