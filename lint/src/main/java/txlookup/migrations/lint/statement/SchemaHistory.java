package txlookup.migrations.lint.statement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import txlookup.migrations.lint.RevisionSet;

/** What the revisions read so far made: enough to tell which statement meets rows, and what is proven about them. */
public final class SchemaHistory {
    private record Constraint(String table, String name) {}

    private final RevisionSet set;
    private final String schema;
    private final Map<String, List<String>> primaryKeys = new HashMap<>();
    private final Map<Constraint, String> notNullChecks = new HashMap<>();
    private final Map<String, Set<String>> provenNotNull = new HashMap<>();
    private final Map<String, String> indexes = new HashMap<>();
    private final Map<Constraint, String> foreignKeys = new LinkedHashMap<>();
    private final Set<String> madeHere = new HashSet<>();

    /** @param schema of the names that stand alone in a generation's revisions */
    public SchemaHistory(RevisionSet set, String schema) {
        this.set = set;
        this.schema = schema;
    }

    public static SchemaHistory of(RevisionSet set) {
        return new SchemaHistory(set, set.schema());
    }

    /** For the names of one statement. */
    StatementNames names() {
        return new StatementNames(set, schema);
    }

    boolean isOfGenerations() {
        return set == RevisionSet.GENERATION;
    }

    /** Whether a column says what the name of a generation's schema says already. */
    boolean isGenerationColumn(String column) {
        return isOfGenerations() && column.equals("generation");
    }

    /** What was made so far may hold rows from here on. */
    public void beginRevision() {
        madeHere.clear();
    }

    void created(String relation, List<String> primaryKey) {
        madeHere.add(relation);
        primaryKeys.put(relation, List.copyOf(primaryKey));
    }

    void indexed(String index, String table) {
        indexes.put(index, table);
    }

    /** The table of an index, or the index itself where its making is not known. */
    String tableOf(String index) {
        return indexes.getOrDefault(index, index);
    }

    void checksNotNull(String table, String constraint, String column) {
        notNullChecks.put(new Constraint(table, constraint), column);
    }

    void validated(String table, String constraint) {
        String column = notNullChecks.get(new Constraint(table, constraint));
        if (column != null) {
            proven(table, column);
        }
    }

    void proven(String table, String column) {
        provenNotNull.computeIfAbsent(table, key -> new HashSet<>()).add(column);
    }

    void dropped(String table, String constraint) {
        String column = notNullChecks.remove(new Constraint(table, constraint));
        if (column != null) {
            provenNotNull.getOrDefault(table, Set.of()).remove(column);
        }
    }

    void references(String table, String constraint, String referenced) {
        foreignKeys.put(new Constraint(table, constraint), referenced);
    }

    /** The table that a foreign key leads to: dropping the key locks that as well. */
    Optional<String> referencedBy(String table, String constraint) {
        return Optional.ofNullable(foreignKeys.get(new Constraint(table, constraint)));
    }

    /** The tables that a table's foreign keys lead to. */
    Set<String> referencedBy(String table) {
        Set<String> referenced = new LinkedHashSet<>();
        foreignKeys.forEach((key, to) -> {
            if (key.table().equals(table) && !to.equals(table)) {
                referenced.add(to);
            }
        });
        return referenced;
    }

    /** Whether the revision that is being read made it, so that nobody else knows it yet. */
    public boolean isNew(String relation) {
        return madeHere.contains(relation);
    }

    List<String> primaryKey(String table) {
        return primaryKeys.getOrDefault(table, List.of());
    }

    boolean isProvenNotNull(String table, String column) {
        return provenNotNull.getOrDefault(table, Set.of()).contains(column)
                || primaryKey(table).contains(column);
    }
}
