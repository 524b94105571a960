package txlookup.consumer.worker;

import java.time.Duration;
import java.util.Map;
import txlookup.apply.model.Entity;

/**
 * What a subscription needs to know, as plain values.
 *
 * @param generation the generation's number; its coverage says where to read from
 * @param group the generation's Kafka group
 * @param canary what this environment's canaries mark their records with
 * @param topics the two effective topics and what each holds
 * @param kafka settings of the Kafka client, as the profile gives them (bootstrap servers, security, time-outs)
 * @param owner who claims partitions, for people who read the coverage
 * @param batchRecords most records in one transaction
 * @param batchBytes most record bytes in one transaction
 * @param batchInterval least time from the start of one batch of a partition to the next; a batch that comes later waits
 *     for nothing
 * @param backoffFirst first wait after the store was found away; doubled up to {@code backoffMost}, with jitter
 * @param backoffMost longest wait between two tries
 * @param maxFutureSkew how far {@code updated_at} may be ahead of this process's clock (docs/contract.md)
 * @param maxDeadShare share of dead letters, of 1, among the latest records of a partition that stops it
 * @param crashTries how often the process may die at one position before records are tried one by one, and as often
 *     again before the one that it dies of is set aside
 */
public record SubscriptionSettings(
        long generation,
        String group,
        String canary,
        Map<String, Entity> topics,
        Map<String, Object> kafka,
        String owner,
        int batchRecords,
        long batchBytes,
        Duration batchInterval,
        Duration backoffFirst,
        Duration backoffMost,
        Duration maxFutureSkew,
        double maxDeadShare,
        int crashTries) {
    public SubscriptionSettings {
        topics = Map.copyOf(topics);
        kafka = Map.copyOf(kafka);
    }
}
