package txlookup.schemacheck.observe;

import java.util.List;
import java.util.Map;
import txlookup.schemacheck.revision.ScriptStatement;

/**
 * What one statement did to the scratch store.
 *
 * @param tables that were there before the revision, are locked by now or were worked through
 * @param remarks in PostgreSQL's words
 */
public record ObservedStatement(
        ScriptStatement statement, List<CatalogChange> changes, List<TableUse> tables, Map<Remark, String> remarks) {
    public boolean has(Remark remark) {
        return remarks.containsKey(remark);
    }

    /** The strongest lock on a table that was there. */
    public LockMode strongest() {
        return tables.stream().map(TableUse::lock).max(LockMode::compareTo).orElse(LockMode.NONE);
    }
}
