package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Makes a generation that was decided GO what serves, and what served its way back. Repeating it changes nothing. */
public final class SwitchAtGo {
    private static final String LOCK = "SELECT FROM bo.serving FOR UPDATE";

    private static final String SWITCH = """
            UPDATE bo.serving SET way_back = generation, generation = ?, candidate = NULL, share = 0, epoch = epoch + 1,
                since = clock_timestamp()
            WHERE generation IS DISTINCT FROM ?""";

    private final DataSource control;

    /** @param control connections to what is common to generations */
    public SwitchAtGo(DataSource control) {
        this.control = control;
    }

    public void to(long generation) throws SQLException {
        try (Connection connection = control.getConnection()) {
            try (PreparedStatement lock = connection.prepareStatement(LOCK);
                    PreparedStatement statement = connection.prepareStatement(SWITCH)) {
                lock.execute();
                statement.setLong(1, generation);
                statement.setLong(2, generation);
                statement.executeUpdate();
            }
            connection.commit();
        }
    }
}
