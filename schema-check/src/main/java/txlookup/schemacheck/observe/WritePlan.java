package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks PostgreSQL's planner how a statement finds the rows that it changes, whether or not there are such rows now. */
final class WritePlan {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EXPLAIN = "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) ";
    private static final Pattern EQUALS = Pattern.compile(" = (?!ANY)");

    private final Catalog catalog;
    private final String ownSchema;
    private final Set<String> changed = new HashSet<>();

    private WritePlan(Catalog catalog, String ownSchema) {
        this.catalog = catalog;
        this.ownSchema = ownSchema;
    }

    /** The tables whose rows it changes without naming each by its key; none for a statement that has no plan. */
    static Set<String> changedWithoutAKey(Connection session, String sql, Catalog catalog, String ownSchema)
            throws SQLException {
        WritePlan plan = new WritePlan(catalog, ownSchema);
        Savepoint before = session.setSavepoint();
        try (Statement statement = session.createStatement()) {
            statement.execute("SET LOCAL enable_seqscan = off");
            try (ResultSet found = statement.executeQuery(EXPLAIN + sql)) {
                found.next();
                plan.read(JSON.readTree(found.getString(1)).path(0).path("Plan"));
            }
        } catch (SQLException e) {
            plan.changed.clear(); // A statement without rows; one that fails does so again when it runs.
        }
        session.rollback(before);
        return plan.changed;
    }

    private void read(JsonNode node) {
        JsonNode children = node.path("Plans");
        if (node.path("Node Type").asString().equals("ModifyTable")) {
            boolean inserts = node.path("Operation").asString().equals("Insert");
            boolean changes = inserts
                    ? node.path("Conflict Resolution").asString("").equals("UPDATE")
                    : !isOneRow(children.path(0));
            if (changes) {
                String schema = node.path("Schema").asString("");
                String table = node.path("Relation Name").asString("");
                changed.add(schema.equals(ownSchema) ? table : schema + "." + table);
            }
        }
        children.forEach(this::read);
    }

    /** Whether the rows are found by equality with each column of a unique key. */
    private boolean isOneRow(JsonNode scan) {
        long equalities =
                EQUALS.matcher(scan.path("Index Cond").asString("")).results().count();
        return scan.path("Node Type").asString("").equals("Index Scan")
                && catalog.index(scan.path("Index Name").asString(""))
                        .filter(index -> String.valueOf(equalities).equals(index.trait("columns of a unique key")))
                        .isPresent();
    }
}
