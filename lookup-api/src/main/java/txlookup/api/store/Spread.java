package txlookup.api.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/**
 * Whether a generation's entries and orders are spread over several servers, where they cannot be joined. It is asked once:
 * a generation is spread when it is made, or never.
 */
public final class Spread {
    private volatile @Nullable Boolean known;

    /** @param connection of the generation */
    public boolean isOn(Connection connection) throws SQLException {
        Boolean spread = known;
        if (spread == null) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(Distribution.IS_SPREAD)) {
                spread = row.next() && row.getBoolean(1);
            }
            known = spread;
        }
        return spread;
    }
}
