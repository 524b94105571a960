package txlookup.apply.store.position;

/**
 * What became of everything that a source delivered: {@code consumed = applied + stale + duplicate + dead}, which the
 * store holds as a constraint.
 *
 * @param bytes record bytes read
 */
public record SourceCounts(long consumed, long applied, long stale, long duplicate, long dead, long bytes) {}
