package txlookup.schemacheck.observe;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** PostgreSQL's catalogue at one moment, without its own schemas and temporary relations. */
final class Catalog {
    static final String OBJECTS = """
            WITH own AS (
                SELECT pg_class.*, CASE WHEN nspname = ? THEN '' ELSE nspname || '.' END AS prefix
                FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE pg_class.oid >= 16384 AND nspname NOT LIKE 'pg\\_%' -- from there on, oids are not PostgreSQL's own
            ), objects (kind, id, table_id, name, traits) AS (
                SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED_VIEW' WHEN 'S' THEN 'SEQUENCE'
                        WHEN 'i' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
                    'relation ' || own.oid, coalesce(indrelid, own.oid), prefix || relname,
                    jsonb_build_object('storage', relfilenode, 'owner', relowner, 'rights', relacl::text,
                        'row level security', nullif(relrowsecurity OR relforcerowsecurity, false),
                        'columns of a unique key', CASE WHEN indisunique AND indpred IS NULL THEN indnkeyatts END,
                        'of a constraint', (SELECT true FROM pg_constraint WHERE conindid = own.oid AND contype IN ('p', 'u', 'x')),
                        'of a column', (SELECT true FROM pg_depend WHERE objid = own.oid AND deptype IN ('a', 'i')
                            AND classid = 'pg_class'::regclass AND refclassid = classid LIMIT 1))
                FROM own LEFT JOIN pg_index ON indexrelid = own.oid
                UNION ALL
                SELECT 'COLUMN', 'column ' || attrelid || '.' || attnum, attrelid, attname,
                    jsonb_build_object('type', atttypid, 'shown', format_type(atttypid, atttypmod), 'rights', attacl::text,
                        'not null', nullif(attnotnull, false),
                        'without a value', nullif(attnotnull AND NOT atthasdef AND attidentity = '', false),
                        -- Values come out of it otherwise than docs/contract.md says that they go in.
                        'lossy', nullif(relkind = 'r' AND (
                            typname IN ('float4', 'float8', 'money', 'bpchar', 'timestamp', 'time')
                            OR typname IN ('numeric', 'varchar') AND atttypmod >= 0
                            OR typname = 'timestamptz' AND atttypmod BETWEEN 0 AND 5
                            OR EXISTS (SELECT FROM pg_depend WHERE refobjid = attrelid AND refobjsubid = attnum AND deptype = 'a'
                                AND refclassid = 'pg_class'::regclass AND classid = refclassid)), false))
                FROM own JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped
                JOIN pg_type ON pg_type.oid = atttypid
                WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
                UNION ALL
                SELECT 'CONSTRAINT', 'constraint ' || pg_constraint.oid, conrelid, conname,
                    jsonb_build_object('validated', nullif(convalidated AND contype IN ('c', 'f'), false))
                FROM own JOIN pg_constraint ON conrelid = own.oid
                UNION ALL
                SELECT 'TRIGGER', 'trigger ' || pg_trigger.oid, tgrelid, tgname,
                    jsonb_build_object('enabled', tgenabled, 'internal', nullif(tgisinternal, false))
                FROM own JOIN pg_trigger ON tgrelid = own.oid
                UNION ALL
                SELECT 'RULE', 'rule ' || pg_rewrite.oid, ev_class, rulename, jsonb_build_object('enabled', ev_enabled)
                FROM own JOIN pg_rewrite ON ev_class = own.oid WHERE relkind NOT IN ('v', 'm')
                UNION ALL
                SELECT 'POLICY', 'policy ' || pg_policy.oid, polrelid, polname, jsonb_build_object()
                FROM own JOIN pg_policy ON polrelid = own.oid
                UNION ALL
                SELECT 'FUNCTION', 'function ' || pg_proc.oid, 0, nspname || '.' || proname,
                    jsonb_build_object('owner', proowner, 'rights', proacl::text)
                FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE pg_proc.oid >= 16384
                UNION ALL
                SELECT 'TYPE', 'type ' || pg_type.oid, 0, nspname || '.' || typname,
                    jsonb_build_object('owner', typowner, 'rights', typacl::text)
                FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace
                WHERE typtype IN ('d', 'e') AND pg_type.oid >= 16384
                UNION ALL
                SELECT 'VALUE', 'value ' || oid, 0, enumlabel, jsonb_build_object() FROM pg_enum
                UNION ALL
                SELECT 'SCHEMA', 'schema ' || oid, 0, nspname, jsonb_build_object('owner', nspowner, 'rights', nspacl::text)
                FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
            )
            SELECT kind, id, table_id, name, jsonb_strip_nulls(traits) FROM objects
            """;
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> TRAITS = new TypeReference<>() {};
    private static final String RELATION = "relation ";

    private final Map<String, CatalogObject> objects = new LinkedHashMap<>();

    private Catalog() {}

    /**
     * Reads it.
     *
     * @param query {@link #OBJECTS}
     * @param ownSchema left out of names
     */
    static Catalog read(PreparedStatement query, String ownSchema) throws SQLException {
        Catalog catalog = new Catalog();
        query.setString(1, ownSchema);
        try (ResultSet found = query.executeQuery()) {
            while (found.next()) {
                CatalogObject object = new CatalogObject(
                        ObjectKind.valueOf(found.getString(1)),
                        found.getString(2),
                        found.getLong(3),
                        found.getString(4),
                        JSON.readValue(found.getString(5), TRAITS));
                catalog.objects.put(object.id(), object);
            }
        }
        return catalog;
    }

    /** Tables and views, by their oid. */
    Map<Long, CatalogObject> relations() {
        Map<Long, CatalogObject> relations = new LinkedHashMap<>();
        objects.values().stream()
                .filter(CatalogObject::isRelation)
                .forEach(relation -> relations.put(relation.table(), relation));
        return relations;
    }

    Optional<CatalogObject> index(String name) {
        return objects.values().stream()
                .filter(object ->
                        object.kind() == ObjectKind.INDEX && object.name().endsWith(name))
                .findFirst();
    }

    private boolean holds(CatalogObject object) {
        return objects.containsKey(object.id());
    }

    private boolean holdsTable(CatalogObject object) {
        return objects.containsKey(RELATION + object.table());
    }

    private String nameOfTable(CatalogObject object) {
        CatalogObject table = objects.get(RELATION + object.table());
        return table == null || table.equals(object) ? "" : table.name();
    }

    /**
     * What differs in a later catalogue. What went with its table is not told apart from it.
     *
     * @param start the catalogue before the revision
     */
    List<CatalogChange> changesTo(Catalog after, Catalog start) {
        List<CatalogChange> changes = new ArrayList<>();
        for (CatalogObject old : objects.values()) {
            @Nullable CatalogObject now = after.objects.get(old.id());
            boolean wentWithItsTable = now == null && holdsTable(old) && !after.holdsTable(old) && !old.isRelation();
            if (!old.equals(now) && !wentWithItsTable) {
                changes.add(new CatalogChange(old, now, nameOfTable(old), start.holds(old)));
            }
        }
        for (CatalogObject made : after.objects.values()) {
            if (!holds(made)) {
                changes.add(new CatalogChange(null, made, after.nameOfTable(made), start.holdsTable(made)));
            }
        }
        return changes;
    }

    /** Whether a table or index has other storage there. */
    boolean isRewrittenIn(Catalog after, long relation) {
        CatalogObject now = after.objects.get(RELATION + relation);
        CatalogObject old = objects.get(RELATION + relation);
        return now != null && old != null && !Objects.equals(now.trait("storage"), old.trait("storage"));
    }
}
