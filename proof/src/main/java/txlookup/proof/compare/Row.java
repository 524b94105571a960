package txlookup.proof.compare;

/** A row while it is being scanned: what checksums need of it, without making objects of its fields. */
public interface Row {
    /** {@link KeyHash} of its key. */
    long keyHash();

    /** The digest of what its fields hold. */
    long digest();

    /** When the source last changed it, as far as it says, else when it came to be; microseconds since 1970. */
    long orderMicros();

    /** Whether the digest that was stored with it is the digest of its fields. */
    boolean isIntact();

    /** The whole row, to be kept. */
    StoredVersion held();
}
