package txlookup.migrations.lint.statement;

/** PostgreSQL's table locks, weakest first; who is kept waiting is PostgreSQL's own table of conflicts. */
public enum LockMode {
    NONE,
    ACCESS_SHARE,
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE;

    /** Whether an INSERT, UPDATE or DELETE waits for it. */
    public boolean blocksWriters() {
        return compareTo(SHARE) >= 0;
    }

    /** Whether a SELECT waits for it. */
    public boolean blocksReaders() {
        return this == ACCESS_EXCLUSIVE;
    }

    /** As PostgreSQL's manual writes it. */
    public String title() {
        return name().replace('_', ' ');
    }
}
