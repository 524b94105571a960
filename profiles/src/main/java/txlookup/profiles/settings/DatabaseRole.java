package txlookup.profiles.settings;

import java.util.Locale;

/**
 * In which role a connection acts. The roles of a database are made once, with its administrator's login
 * ({@code txlookup.migrations.Roles}); in a database without them a connection acts as its login.
 */
public enum DatabaseRole {
    /** Owns the schemas but for the audit: migrates, loads, retires. */
    OWNER,
    /** Applies events to a generation's tables. It cannot read the audit. */
    WRITER,
    /** Looks up, and adds to the audit, which it cannot change. */
    READER,
    /** Changes what serves, and orders what becomes of dead letters. */
    OPERATOR,
    /** Owns the audit: exports it, and drops what is exported. Who is audited acts in another role. */
    AUDITOR;

    /** The role's name in a database. */
    public String in(String database) {
        return database + "_" + name().toLowerCase(Locale.ROOT);
    }

    /** The statement with which a connection takes the role on, where it is there and the login may. */
    public String statement() {
        String role = "current_database() || '_%s'".formatted(name().toLowerCase(Locale.ROOT));
        // The session may have begun in another role, but it is its login that may. Since PostgreSQL 16 one may be a
        // member of a role, as who made it, and yet not act in it.
        return """
                SELECT set_config('role', %1$s, false) WHERE CASE
                    WHEN to_regrole(quote_ident(%1$s)) IS NULL THEN false
                    WHEN current_setting('server_version_num')::integer < 160000 THEN pg_has_role(session_user, %1$s, 'MEMBER')
                    ELSE pg_has_role(session_user, %1$s, 'SET') END""".formatted(role);
    }
}
