package txlookup.local.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the tables of a generation look as if Citus had spread them, to one who asks as the product does. Its statements
 * for such tables run on any server, so what they answer can be compared without a cluster.
 */
public final class LooksSpread {
    private static final String FUNCTION = """
            CREATE OR REPLACE FUNCTION pg_catalog.citus_truncate_trigger() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RETURN NULL; END'""";

    private static final String TRIGGER = """
            CREATE TRIGGER truncate_trigger AFTER TRUNCATE ON %s.ledger_entry
            FOR EACH STATEMENT EXECUTE FUNCTION pg_catalog.citus_truncate_trigger()""";

    private LooksSpread() {}

    /** @param schema of the generation; one that is spread indeed stays as it is */
    public static void make(TestDatabase database, String schema) {
        if (GivenStore.find().isPresent()) {
            return;
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET allow_system_table_mods = on");
            statement.execute(FUNCTION);
            statement.execute(TRIGGER.formatted(schema));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
