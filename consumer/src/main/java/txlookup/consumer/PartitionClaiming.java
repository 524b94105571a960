package txlookup.consumer;

import java.sql.SQLException;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import txlookup.apply.store.Claim;
import txlookup.apply.store.Source;
import txlookup.apply.store.Store;

/** How a worker comes by its partition, and what it has to know of the time before. */
final class PartitionClaiming {
    private final TopicPartition partition;
    private final ConsumerSettings settings;
    private final Store store;
    private final PatientStore patient;

    PartitionClaiming(TopicPartition partition, ConsumerSettings settings, Store store, PatientStore patient) {
        this.partition = partition;
        this.settings = settings;
        this.store = store;
        this.patient = patient;
    }

    /** @throws GapException when nobody knows where the partition's events begin */
    Claim claim() throws SQLException, InterruptedException {
        Source source = new Source(settings.generation(), Source.Kind.STREAM, partition.topic(), partition.partition());
        return patient.until(() -> claim(source));
    }

    private Claim claim(Source source) throws SQLException {
        Optional<Claim> known = store.claim(source, settings.owner());
        if (known.isPresent()) {
            return known.get();
        }
        store.registerAdded(source);
        return store.claim(source, settings.owner())
                .orElseThrow(() -> new GapException(
                        "%s: generation %d has no coverage for it, so nobody knows where its events begin; a rebuild is due"
                                .formatted(partition, settings.generation())));
    }

    DeadShare deadShareSoFar(Claim claimed) throws SQLException, InterruptedException {
        long from = Math.max(claimed.startPosition(), claimed.nextPosition() - DeadShare.WINDOW);
        int dead = patient.until(() -> store.deadSince(claimed, from));
        return new DeadShare(partition, settings.maxDeadShare(), Math.toIntExact(claimed.nextPosition() - from), dead);
    }
}
