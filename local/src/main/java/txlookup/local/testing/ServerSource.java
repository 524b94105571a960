package txlookup.local.testing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the servers come from that the tests of one JVM share; they live as long as that JVM. */
public interface ServerSource {
    /** As {@code -Dtests.servers} names it. */
    String name();

    /** Why it cannot give servers on this machine; empty where it can. */
    Optional<String> obstacle();

    /** @param configuration as in postgresql.conf */
    TestPostgres startPostgres(String superuser, String password, Map<String, String> configuration);

    TestKafka startKafka();

    /**
     * @param hubs their names with their numbers of partitions
     * @param groups the consumer groups that clients may join
     */
    TestEventHubs startEventHubs(Map<String, Integer> hubs, Set<String> groups);
}
