package txlookup.apply.store.batch;

import java.sql.SQLException;
import java.util.List;

/** Everything that the catalog knows about the tables of the generation's schema, in words. */
public final class Schema {
    private static final String ALL = """
            SELECT format('table %s %s owner %s grants %s', relname, reloptions, relowner::regrole, relacl)
            FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
            UNION ALL
            SELECT format('column %s.%s %s %s %s %s %s %s', attrelid::regclass, attnum, attname,
                          format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation, attstorage,
                          col_description(attrelid, attnum))
            FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
            WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0
            UNION ALL
            SELECT format('index %s %s %s %s', pg_get_indexdef(indexrelid), indisvalid, indisreplident,
                          obj_description(indexrelid, 'pg_class'))
            FROM pg_index JOIN pg_class ON indexrelid = pg_class.oid WHERE relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT format('constraint %s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid),
                          obj_description(oid, 'pg_constraint'))
            FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
            UNION ALL
            SELECT format('comment %s %s', oid::regclass, obj_description(oid, 'pg_class'))
            FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
            ORDER BY 1""";

    private Schema() {}

    public static List<String> of(StoreFixture fixture) throws SQLException {
        return fixture.query(ALL);
    }
}
