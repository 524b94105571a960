package txlookup.api.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Reads a few keys of a table that is spread over several servers by a statement each, all in one round trip. Such a
 * statement goes to the one server that holds the key, and its plan is kept. One for several keys is planned anew each time.
 */
public final class KeyByKey {
    /** From more keys on, planning one statement for all of them costs less. */
    public static final int MOST = 4;

    private KeyByKey() {}

    /** Makes a value of a row. */
    @FunctionalInterface
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** @param statement has one parameter, the key */
    public static <T> List<T> read(Connection connection, String statement, Collection<String> keys, Row<T> row)
            throws SQLException {
        List<T> found = new ArrayList<>();
        if (keys.isEmpty()) {
            return found;
        }
        String all = String.join(";\n", Collections.nCopies(keys.size(), statement));
        try (PreparedStatement reading = connection.prepareStatement(all)) {
            int place = 1;
            for (String key : keys) {
                reading.setString(place++, key);
            }
            reading.execute();
            do {
                try (ResultSet rows = reading.getResultSet()) {
                    while (rows.next()) {
                        found.add(row.of(rows));
                    }
                }
            } while (reading.getMoreResults());
        }
        return found;
    }
}
