package txlookup.profiles.settings;

/** How a process logs in to the database. */
public enum DatabaseLogin {
    /** With the password that {@link DatabaseSettings#passwordVariable} names. */
    PASSWORD,
    /** With a token of the managed identity, or of whoever is logged in; no process knows a password. */
    ENTRA
}
