package txlookup.proof.completeness;

/** Says what a reader of committed transactions is given of a partition, by asking the log. */
public interface CommittedRecords {
    /** How many there are from one offset up to another, that one left out. */
    long count(String topic, int partition, long from, long to);

    /** Where such a reader finds nothing more now. */
    long end(String topic, int partition);
}
