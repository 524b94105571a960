package txlookup.profiles;

/** How the stream's start is found (architecture.md, invariant 5). */
public enum CutoverAnchor {
    /** The log's end, stored before this pipeline reads the source. */
    POSITION,
    /** The time at which someone else read the source, less the overlap. */
    TIME
}
