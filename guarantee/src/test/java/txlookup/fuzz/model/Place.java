package txlookup.fuzz.model;

import txlookup.fuzz.input.FuzzInput.Topic;

/** Where a record lies. */
public record Place(Topic topic, int partition, long offset) {
    @Override
    public String toString() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
