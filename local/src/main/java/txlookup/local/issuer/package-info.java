/** The local OpenID Connect issuer, which runs as a process of its own. */
package txlookup.local.issuer;
