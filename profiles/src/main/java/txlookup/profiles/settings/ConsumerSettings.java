package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The process that applies the stream.
 *
 * @param batchMaxRecords records applied in one transaction at most; default 10000
 * @param batchMaxBytes record bytes applied in one transaction at most; default 8 MiB
 * @param batchInterval least time from the start of one batch of a partition to the next; default 25 ms
 * @param pollMaxRecords records taken in one poll at most, never more than a batch; default 5000
 * @param maxDeadShare share, 0 to 1, of a partition's latest records above which dead letters stop the partition, and of an
 *     extract's first rows above which it is not loaded; 1 never does; default 0.2
 * @param crashTries how often the process may die at one position before records are tried one by one, and as often
 *     again before the one that it dies of is set aside; default 3
 * @param bindAddress address of the health endpoint; default 127.0.0.1
 * @param port port of the health endpoint; default 8081
 * @param retryInitialBackoff first wait after an infrastructure failure; default 200 ms
 * @param retryMaxBackoff longest wait between two tries; default 30 s
 * @param member the process's own name in its group: back within the session time-out, it has its partitions again at
 *     once, and an orderly stop gives none back; empty for a member without a name
 */
public record ConsumerSettings(
        int batchMaxRecords,
        DataSize batchMaxBytes,
        Duration batchInterval,
        int pollMaxRecords,
        double maxDeadShare,
        int crashTries,
        String bindAddress,
        int port,
        Duration retryInitialBackoff,
        Duration retryMaxBackoff,
        Optional<String> member) {

    public ConsumerSettings {
        Objects.requireNonNull(batchMaxBytes, "batchMaxBytes");
        Objects.requireNonNull(batchInterval, "batchInterval");
        Objects.requireNonNull(bindAddress, "bindAddress");
        Objects.requireNonNull(retryInitialBackoff, "retryInitialBackoff");
        Objects.requireNonNull(retryMaxBackoff, "retryMaxBackoff");
    }
}
