package txlookup.local.testing;

import java.util.Map;
import java.util.Set;

/**
 * A namespace of Event Hubs that a test has for itself: its hubs are there from the start, and clients make none.
 *
 * @param client what a Kafka client is given to reach it: the address, and the login where one is asked for
 */
public record TestEventHubs(Map<String, Object> client) {
    public TestEventHubs {
        client = Map.copyOf(client);
    }

    /**
     * Starts one, which ends with this JVM.
     *
     * @param hubs their names with their numbers of partitions
     * @param groups the consumer groups that clients may join
     */
    public static TestEventHubs start(Map<String, Integer> hubs, Set<String> groups) {
        return ServerSelection.ofThisJvm().startEventHubs(hubs, groups);
    }
}
