package txlookup.proof.compare;

import java.util.OptionalLong;
import txlookup.apply.model.Entity;

/** Is told how a comparison goes, from several threads. */
public interface VerificationProgress {
    /** Tells nobody. */
    VerificationProgress QUIET = new VerificationProgress() {
        @Override
        public void begins(Entity entity, int buckets, OptionalLong rows) {}

        @Override
        public void read(long rows) {}
    };

    /**
     * A table is about to be read whole, on both sides.
     *
     * @param buckets how many buckets that differ are searched; 0 for the first reading, which finds them
     * @param rows about how many it has on both sides together; empty where that is not known
     */
    void begins(Entity entity, int buckets, OptionalLong rows);

    /** So many more rows were read, on either side. */
    void read(long rows);
}
