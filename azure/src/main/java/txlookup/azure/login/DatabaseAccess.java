package txlookup.azure.login;

import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.DatabaseSettings;

/**
 * How a process reaches the database that its profile names. With {@link DatabaseLogin#ENTRA} a session starts in the owner's
 * role, so that the containers own what the environment's maker migrates. A pool then takes the role that it acts in.
 */
public final class DatabaseAccess {
    private DatabaseAccess() {}

    /** The JDBC address, with the login by token where the profile wants it. */
    public static String jdbcUrl(DatabaseSettings database) {
        return jdbcUrl(database.jdbcUrl(), database);
    }

    /** As {@link #jdbcUrl(DatabaseSettings)}, at another address. */
    public static String jdbcUrl(String jdbcUrl, DatabaseSettings database) {
        return database.login() == DatabaseLogin.ENTRA
                ? asOwner(jdbcUrl, database) + "&authenticationPluginClassName=" + EntraPassword.class.getName()
                : jdbcUrl;
    }

    /** The address for the environment's maker, who has the administrator's password. */
    public static String jdbcUrlOfMaker(String jdbcUrl, DatabaseSettings database) {
        return database.login() == DatabaseLogin.ENTRA ? asOwner(jdbcUrl, database) : jdbcUrl;
    }

    /** The server's own database, by token and in no other role, for what only its administrators do there. */
    static String jdbcUrlOfServer(DatabaseSettings database) {
        return database.jdbcUrl().replace("/" + database.name() + "?", "/postgres?")
                + "&authenticationPluginClassName="
                + EntraPassword.class.getName();
    }

    /** The role that owns the schema where logins are identities. */
    static String owner(DatabaseSettings database) {
        return database.name() + "_owner";
    }

    private static String asOwner(String jdbcUrl, DatabaseSettings database) {
        return jdbcUrl + "&options=-c%20role%3D" + owner(database);
    }
}
