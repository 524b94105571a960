package txlookup.backfill.source;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDBC drivers of this process: PostgreSQL's, and those whose jars somebody put into the folder of drivers. */
public final class JdbcDrivers {
    /** The system property with which a launcher names the folder that it put on the class path. */
    public static final String FOLDER = "txlookup.drivers";

    private static final Pattern KIND = Pattern.compile("jdbc:[\\w+.-]+:");

    private JdbcDrivers() {}

    /**
     * Looks for a driver before anything is begun with it.
     *
     * @throws IllegalArgumentException when no driver takes the URL; it names the folder, and no more of the URL than its
     *     kind, for the rest may hold a password
     */
    public static void require(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "No JDBC driver takes backfill.jdbc.url, which begins with %s; put the driver's jar %s and run this again"
                            .formatted(kind(url), where()),
                    e);
        }
    }

    private static String kind(String url) {
        Matcher kind = KIND.matcher(url);
        return kind.lookingAt() ? kind.group() : "no jdbc:<database>:";
    }

    private static String where() {
        String folder = System.getProperty(FOLDER);
        return folder == null ? "on the class path" : "into " + folder;
    }
}
