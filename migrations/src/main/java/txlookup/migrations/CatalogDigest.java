package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a schema is in the server's catalogue, as a SHA-256 for each part of it: an index that was dropped changes that of the
 * indexes. Names in definitions depend on the search path, so all of it is read in one statement under a fixed one. Definitions
 * with expressions are read under a lock of their table (ACCESS SHARE), for which it waits a bounded time. Storage parameters, statistics and comments are not in it: they change no answer, and operators tune them. The audit's
 * months come and go, so that all of them count as one as long as they are alike.
 */
final class CatalogDigest {
    private static final String PARTS = """
            WITH own AS (
                SELECT * FROM pg_class WHERE relnamespace = to_regnamespace(?)
            ), described (part, text) AS (
                SELECT 'columns', format('%s.%s %s %s %s %s %s %s', relname, attname, format_type(atttypid, atttypmod),
                    attnotnull, attidentity, attgenerated, attcollation::regcollation, pg_get_expr(adbin, adrelid))
                FROM own
                JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped
                LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                WHERE relkind IN ('r', 'v', 'm', 'p', 'f')
                UNION ALL
                SELECT 'tables', format('%s %s %s %s %s %s', relname, relkind, relpersistence, relrowsecurity,
                    relforcerowsecurity, CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
                FROM own WHERE relkind <> 'i'
                UNION ALL
                SELECT 'tables', format('policy %s.%s %s %s %s %s %s', relname, polname, polcmd, polpermissive,
                    polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
                FROM own JOIN pg_policy ON polrelid = own.oid
                UNION ALL
                SELECT 'tables', format('%s %s', ev_enabled, pg_get_ruledef(pg_rewrite.oid))
                FROM own JOIN pg_rewrite ON ev_class = own.oid
                UNION ALL
                SELECT 'constraints', format('%s.%s %s %s', relname, conname, convalidated,
                    pg_get_constraintdef(pg_constraint.oid))
                FROM own JOIN pg_constraint ON conrelid = own.oid
                UNION ALL
                -- One that is being made, or was left half made, is not there yet.
                SELECT 'indexes', pg_get_indexdef(indexrelid) FROM own JOIN pg_index ON indexrelid = own.oid WHERE indisvalid
                UNION ALL
                SELECT 'triggers', format('%s %s', tgenabled, CASE WHEN tgisinternal THEN format('%s %s', relname, tgfoid::regproc)
                    ELSE pg_get_triggerdef(pg_trigger.oid) END)
                FROM own JOIN pg_trigger ON tgrelid = own.oid
                UNION ALL
                SELECT 'functions', pg_get_functiondef(oid) FROM pg_proc
                WHERE pronamespace = to_regnamespace(?) AND prokind IN ('f', 'p')
                UNION ALL
                SELECT 'grants', format('%s %s %s', relname, relowner::regrole, relacl::text[]) FROM own WHERE relkind <> 'i'
                UNION ALL
                SELECT 'grants', format('%s.%s %s', relname, attname, attacl::text[])
                FROM own JOIN pg_attribute ON attrelid = own.oid WHERE attacl IS NOT NULL
                UNION ALL
                SELECT 'grants', format('%s %s %s', oid::regprocedure, proowner::regrole, proacl::text[]) FROM pg_proc
                WHERE pronamespace = to_regnamespace(?)
                UNION ALL
                SELECT 'grants', format('%s %s', nspowner::regrole, nspacl::text[]) FROM pg_namespace
                WHERE oid = to_regnamespace(?)
            )
            SELECT p.part, encode(sha256(convert_to(
                coalesce(string_agg(text, E'\\n' ORDER BY text COLLATE "C"), ''), 'UTF8')), 'hex')
            FROM unnest('{columns,tables,constraints,indexes,triggers,functions,grants}'::text[]) AS p(part)
            LEFT JOIN (SELECT DISTINCT part, regexp_replace(text, 'audit_\\d{4}_\\d{2}', 'audit_month', 'g') AS text
                FROM described) AS once USING (part)
            GROUP BY p.part
            """;
    private static final int SCHEMA_PARAMETERS = 4;
    private static final String READ_SETTINGS =
            "SELECT current_setting('search_path'), current_setting('lock_timeout')";
    private static final String WRITE_SETTINGS =
            "SELECT set_config('search_path', ?, false), set_config('lock_timeout', ?, false)";
    private static final Settings READING = new Settings("pg_catalog", "5s");

    private record Settings(String searchPath, String lockTimeout) {}

    private CatalogDigest() {}

    static Map<String, String> of(Connection connection, String schema) throws SQLException {
        Settings before = settings(connection);
        set(connection, READING);
        Map<String, String> digests;
        try {
            digests = read(connection, schema);
        } catch (SQLException e) {
            try {
                set(connection, before);
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        set(connection, before);
        return digests;
    }

    private static Map<String, String> read(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARTS)) {
            for (int parameter = 1; parameter <= SCHEMA_PARAMETERS; parameter++) {
                statement.setString(parameter, schema);
            }
            Map<String, String> digests = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    digests.put(rows.getString(1), rows.getString(2));
                }
            }
            return digests;
        }
    }

    private static Settings settings(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ_SETTINGS);
                ResultSet found = statement.executeQuery()) {
            found.next();
            return new Settings(found.getString(1), found.getString(2));
        }
    }

    private static void set(Connection connection, Settings settings) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE_SETTINGS)) {
            statement.setString(1, settings.searchPath);
            statement.setString(2, settings.lockTimeout);
            try (ResultSet set = statement.executeQuery()) {
                set.next();
            }
        }
    }
}
