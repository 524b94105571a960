package txlookup.guarantee.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Topic;
import txlookup.fuzz.input.Mutator;
import txlookup.fuzz.model.ContractDecoder;
import txlookup.fuzz.model.ContractJudgement;
import txlookup.fuzz.model.DigestFold;
import txlookup.fuzz.model.Place;
import txlookup.guarantee.Trial;

/** Good events and mutated ones in a trial's topics, and what docs/contract.md makes of the log. */
public final class HostileStream implements AutoCloseable {
    private static final int KEYS = 1000;
    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration LONGEST_RUN = Duration.ofDays(1);

    private final Trial trial;
    private final Random random;
    private final Mutator mutator;
    private final ContractDecoder atTheStart;
    private final ContractDecoder atTheEnd;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> reader;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private long published;

    public HostileStream(Trial trial, long seed) {
        this.trial = trial;
        random = new Random(seed);
        String nonce = Long.toString(trial.generation);
        mutator = Mutator.of(seed, KEYS, nonce);
        Instant now = Instant.now();
        atTheStart = new ContractDecoder(now, SKEW, nonce);
        atTheEnd = new ContractDecoder(now.plus(LONGEST_RUN), SKEW, nonce);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", trial.brokers(), "linger.ms", 20, "batch.size", 1 << 18),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", trial.brokers(), "max.poll.records", 5000, "group.protocol", "classic"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    public Map<String, Topic> topics() {
        return Map.of(Trial.ledger(trial.name), Topic.LEDGER, Trial.orders(trial.name), Topic.ORDERS);
    }

    /** Returns when the broker has them; mutated and good ones take turns at random, in every partition. */
    public void publish(int mutated, int good) {
        publish(mutated, good, input -> input.topic() != Topic.UNKNOWN, -1);
    }

    /** The same, with the mutated ones in one partition of the ledger's topic. */
    public void publishPoisoning(int partition, int mutated, int good) {
        publish(mutated, good, input -> input.topic() == Topic.LEDGER, partition);
    }

    private void publish(int mutated, int good, Predicate<FuzzInput> wanted, int poisoned) {
        int goodLeft = good;
        for (int left = mutated + good; left > 0; left--) {
            boolean isGood = random.nextInt(left) < goodLeft;
            goodLeft -= isGood ? 1 : 0;
            FuzzInput input = isGood ? mutator.good() : hostile(wanted);
            int partition = isGood || poisoned < 0 ? random.nextInt(trial.partitions()) : poisoned;
            var unused = producer.send(record(input, partition), (metadata, e) -> failure.compareAndSet(null, e));
        }
        producer.flush();
        if (failure.get() != null) {
            throw new IllegalStateException("the broker took not all records", failure.get());
        }
        published += mutated + good;
    }

    /** One that is judged the same whenever the consumer comes to it. */
    private FuzzInput hostile(Predicate<FuzzInput> wanted) {
        while (true) {
            FuzzInput input = mutator.mutated();
            if (wanted.test(input) && !(isFuture(atTheStart, input) && !isFuture(atTheEnd, input))) {
                return input;
            }
        }
    }

    private static boolean isFuture(ContractDecoder contract, FuzzInput input) {
        return contract.judge(input) instanceof ContractJudgement.Refused refused
                && refused.reason().equals("future_timestamp");
    }

    private ProducerRecord<byte[], byte[]> record(FuzzInput input, int partition) {
        String topic = input.topic() == Topic.LEDGER ? Trial.ledger(trial.name) : Trial.orders(trial.name);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, Math.max(input.millis(), 0), input.key(), input.value());
        if (input.millis() < 0) {
            Trial.forgetTime(record); // the only negative time that the protocol has
        }
        input.headers().forEach(header -> record.headers().add(header.name(), header.value()));
        return record;
    }

    /** All records of the log, which are those that were published, by an oracle that reads them itself. */
    public DigestFold fold() {
        List<TopicPartition> partitions = partitions();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        long end = logEnd();
        if (end != published) {
            throw new AssertionError("%d records were published, %d are in the log".formatted(published, end));
        }
        DigestFold fold = new DigestFold();
        long read = 0;
        while (read < end) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
                FuzzInput input = input(record);
                fold.add(input, place(record), atTheStart.judge(input));
                read++;
            }
        }
        return fold;
    }

    /** The sum of the partitions' ends. */
    public long logEnd() {
        return reader.endOffsets(partitions()).values().stream()
                .mapToLong(offset -> offset)
                .sum();
    }

    public long logEnd(TopicPartition partition) {
        return reader.endOffsets(List.of(partition)).get(partition);
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics().keySet()) {
            for (int partition = 0; partition < trial.partitions(); partition++) {
                all.add(new TopicPartition(topic, partition));
            }
        }
        return all;
    }

    /** One record once more, for a message. */
    public FuzzInput read(Place place) {
        String topic = place.topic() == Topic.LEDGER ? Trial.ledger(trial.name) : Trial.orders(trial.name);
        TopicPartition partition = new TopicPartition(topic, place.partition());
        reader.assign(List.of(partition));
        reader.seek(partition, place.offset());
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
                return input(record);
            }
        }
    }

    private Place place(ConsumerRecord<byte[], byte[]> record) {
        return new Place(topics().get(record.topic()), record.partition(), record.offset());
    }

    private FuzzInput input(ConsumerRecord<byte[], byte[]> record) {
        List<FuzzInput.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new FuzzInput.Header(header.key(), header.value()));
        }
        return new FuzzInput(topics().get(record.topic()), record.timestamp(), headers, record.key(), record.value());
    }

    @Override
    public void close() {
        producer.close();
        reader.close();
    }
}
