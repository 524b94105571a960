package txlookup.proof.completeness;

/** Says how many records of a partition a reader of committed transactions is given, by reading the log. */
@FunctionalInterface
public interface CommittedRecords {
    /** How many there are from one offset up to another, that one left out. */
    long count(String topic, int partition, long from, long to);
}
