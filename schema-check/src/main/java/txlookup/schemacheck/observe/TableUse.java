package txlookup.schemacheck.observe;

/**
 * What a statement did to one table that was there before the revision.
 *
 * @param lock the strongest that is held on it by now
 * @param locked whether this statement took the lock
 */
public record TableUse(String table, LockMode lock, boolean locked, Work work) {}
