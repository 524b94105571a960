package txlookup.api.audit;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Consumer;
import txlookup.api.audit.AuditVerification.Break;
import txlookup.profiles.digest.Sha256;

/** Follows one chain from its start to its head, row by row in their order. */
final class AuditChainCheck {
    private final long chainId;
    private final byte[] start;
    private final long dropped;
    private final long wantedLast;
    private final byte[] wantedHead;
    private final Consumer<Break> onBreak;

    private long last;
    private long lastAuditId;
    private byte[] head;

    /**
     * @param before the hash before the first row that is there
     * @param dropped the row with that hash, and so how many rows went with their partitions
     */
    AuditChainCheck(
            long chainId,
            byte[] start,
            byte[] before,
            long dropped,
            long wantedLast,
            byte[] wantedHead,
            Consumer<Break> onBreak) {
        this.chainId = chainId;
        this.start = start;
        this.dropped = dropped;
        this.wantedLast = wantedLast;
        this.wantedHead = wantedHead;
        this.onBreak = onBreak;
        this.head = before;
        this.last = dropped;
    }

    long dropped() {
        return dropped;
    }

    byte[] start() {
        return start;
    }

    /** The chain's next row; the result set stands on it. */
    void next(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence");
        byte[] previous = row.getBytes("previous_hash");
        byte[] hash = row.getBytes("hash");
        if (sequence > last + 1) {
            missing(last + 1, sequence - 1);
        } else if (sequence <= last) {
            found(sequence, "it occurs more than once");
        } else if (!Arrays.equals(previous, head)) {
            found(sequence, "it does not follow the row before it");
        }
        if (!isAsWritten(row, sequence, previous, hash)) {
            found(sequence, "its content is not what was written");
        }
        if (row.getLong("audit_id") <= lastAuditId) {
            found(sequence, "its audit_id is not greater than that of the row before it");
        }
        last = sequence;
        lastAuditId = row.getLong("audit_id");
        head = hash;
    }

    /** No more rows. */
    void end() {
        if (last < wantedLast) {
            missing(last + 1, wantedLast);
        } else if (last > wantedLast) {
            found(last, "it comes after the chain's head, row " + wantedLast);
        } else if (!Arrays.equals(head, wantedHead)) {
            found(0, "its head is not its last row's hash");
        }
    }

    /** One hash for the heads of all chains. */
    static String head(Collection<AuditChainCheck> chains) {
        MessageDigest digest = Sha256.start();
        chains.forEach(chain -> digest.update(chain.head));
        return HexFormat.of().formatHex(digest.digest());
    }

    private boolean isAsWritten(ResultSet row, long sequence, byte[] previous, byte[] hash) throws SQLException {
        try {
            return previous != null
                    && Arrays.equals(hash, AuditHash.of(chainId, sequence, previous, AuditRows.read(row)));
        } catch (IllegalArgumentException e) {
            return false; // a result that no writer knows
        }
    }

    private void missing(long from, long to) {
        found(from, from == to ? "it is missing" : "it is missing, and all up to row " + to);
    }

    private void found(long sequence, String what) {
        onBreak.accept(new Break(chainId, sequence, what));
    }
}
