package txlookup.schemacheck.lint;

import java.util.regex.Pattern;

/** The commands that revisions are made of; what another one does may be more than the catalogue and the locks show. */
final class Commands {
    private static final Pattern KNOWN = Pattern.compile("""
            (?isx)
            create \\s+ (or \\s+ replace \\s+)? ((unique|temporary|temp|unlogged|materialized|constraint) \\s+)*
              (table|index|view|trigger|statistics|function|procedure|type|domain|sequence|schema|extension|aggregate|operator|cast|collation) \\b .*
            | alter \\s+ (table|index|type) \\b .*
            | drop \\s+ (materialized|foreign)? \\s*
              (table|index|view|trigger|statistics|function|procedure|type|domain|sequence|schema|extension|aggregate|role|policy|rule) \\b .*
            | (set|reset) \\s+ ((local|session) \\s+)? (lock_timeout|statement_timeout|all|search_path|work_mem|maintenance_work_mem) \\b .*
            | (insert|update|delete|merge|select|with|truncate|lock|comment|grant|revoke|vacuum|analyze|cluster|reindex|refresh) \\b .*
            """);

    private Commands() {}

    static boolean isKnown(String sql) {
        return KNOWN.matcher(sql).matches();
    }
}
