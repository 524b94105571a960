package txlookup.profiles.settings;

/** Whether a generation's entries and orders are spread over several servers. All other tables are on one. */
public enum DatabaseDistribution {
    /** They are on one server. */
    NONE,
    /** Citus spreads them, entries by {@code tx_id} and orders by {@code order_id}. */
    CITUS;

    /**
     * Whether the entries of the generation on the search path are spread: Citus puts this trigger on each table that it
     * spreads. A server without Citus knows no such function, and finds no trigger.
     */
    public static final String IS_SPREAD = """
            SELECT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass('ledger_entry')
                AND tgfoid = to_regproc('pg_catalog.citus_truncate_trigger'))""";

    /**
     * What a session that writes sets. With Citus the settings of a transaction hold on all its servers, and merges of
     * different keys do not wait for each other. To a server without Citus these are names like any other.
     */
    public static final String SESSION = "SET citus.propagate_set_commands = 'local';"
            + " SET citus.all_modifications_commutative = on; SET citus.max_cached_conns_per_worker = 16";
}
