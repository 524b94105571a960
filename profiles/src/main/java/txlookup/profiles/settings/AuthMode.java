package txlookup.profiles.settings;

/** Whether the API's callers are authenticated (docs/contract.md, "Auth"). */
public enum AuthMode {
    /** They are not; the stage must be local. */
    DISABLED,
    /** They carry a bearer token of an OpenID Connect issuer. */
    OIDC
}
