package txlookup.azure.login;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import txlookup.profiles.settings.DatabaseSettings;

/**
 * Roles for identities that are no administrators of the server. Only one of its Entra administrators may make them, in
 * the server's own database.
 */
public final class EntraRoles {
    private static final String IS_THERE = "SELECT 1 FROM pg_roles WHERE rolname = ?";
    private static final String MAKE = "SELECT pgaadauth_create_principal_with_oid(?, ?, 'service', false, false)";

    private EntraRoles() {}

    /**
     * Makes a role that is not there yet.
     *
     * @param database whose server it is; this process's identity logs in
     * @param objectId the identity's, in Entra
     * @return whether it was made
     */
    public static boolean make(DatabaseSettings database, String role, String objectId) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(DatabaseAccess.jdbcUrlOfServer(database), database.user(), "")) {
            if (isThere(connection, role)) {
                return false;
            }
            try (PreparedStatement make = connection.prepareStatement(MAKE)) {
                make.setString(1, role);
                make.setString(2, objectId);
                make.execute();
                return true;
            }
        }
    }

    private static boolean isThere(Connection connection, String role) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(IS_THERE)) {
            query.setString(1, role);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
