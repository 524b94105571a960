package txlookup.rebuild.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.backfill.source.Input;

/**
 * Where an environment is made: this machine, or a cloud. Each act can be repeated: what is there already stays. An act
 * that cannot be done throws; the message says what was seen and what to do.
 */
public interface Platform {
    /** Step 1: makes the resources, and says in one line what there is now. */
    String create() throws Exception;

    /** Step 2: puts secrets and connection data where processes find them, and says where, never what. */
    String injectSecrets() throws Exception;

    /** Connections to what is common to generations, from step 3 on; the platform closes them. */
    HikariDataSource control();

    /** Connections to one generation, whose schema need not be there yet; the platform closes them. */
    HikariDataSource store(long generation);

    /** How many bytes the database's disk has left; empty where the platform does not tell. */
    default OptionalLong freeDisk() throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Step 3, before a generation beside what serves is made: whether the broker lets one more reader read all events.
     *
     * @return one line that says how it stands; empty where the broker has no such bound
     */
    default Optional<String> requireEgress() throws Exception {
        return Optional.empty();
    }

    /** How an admin client reaches the broker. */
    Map<String, Object> brokerSettings();

    /**
     * Steps 4 and 5: what the platform itself knows of the log beyond what Kafka's protocol tells. Asked for before
     * anything is loaded and again before the consumers start.
     *
     * @param next the first record of each partition that is not applied yet
     * @return one line that says how it stands; empty where the platform knows no more
     * @throws java.io.IOException when a record that is wanted is gone, or will be before it can be applied
     */
    default Optional<String> requireHeld(Generation generation, List<PartitionAnchor> next) throws Exception {
        return Optional.empty();
    }

    /**
     * Step 4: when the files were read that are to be loaded; empty where they are none, and the source is read as it is
     * after the cutover is pinned. Asked for before, since it decides where the stream begins.
     *
     * @throws IllegalArgumentException when nothing says when a file was read
     */
    Optional<Instant> extractReadAt(Instant cutover) throws Exception;

    /** Step 4: what is to be loaded. Asked for only after the cutover is pinned, so that nothing falls between. */
    List<Input> extract(Instant cutover) throws Exception;

    /** Step 5: starts the consumers of a generation beside those of others, and says in one line what runs now. */
    String startConsumers(Generation generation) throws Exception;

    /** Throws, with the last thing that it said, when a consumer that was started for the generation has ended. */
    void requireConsumers(Generation generation);

    /** Step 6: starts the lookup API and answers its address. Callers keep what answers them until it is accepted. */
    URI startApi() throws Exception;

    /** After the gates, before the generation serves: callers get the lookup API that was judged. */
    default void accept() throws Exception {}

    /** After a NO_GO: callers keep the lookup API that they have, and what was made beside it stops. */
    default void reject() throws Exception {}

    /**
     * A bearer token that may look up, also in a generation that does not serve ({@code ADMIN_OPERATE}); empty where the API
     * takes none. Asked for at each lookup, so that it may be renewed, and written nowhere.
     */
    default Optional<String> lookupToken() {
        return Optional.empty();
    }

    /** Step 7: where metrics of the API and of a generation's consumers are scraped, by the name of the process. */
    Map<String, URI> metrics(Generation generation);

    /** The gates after the seven steps; empty where only the steps are wanted. */
    List<Gate> gates();

    /** A gate after the seven steps. */
    interface Gate {
        /** What a failure is called in a NO_GO. */
        FailureCause cause();

        /** Judges, and says what to do when it fails. */
        List<GateResult> judge(Generation generation) throws Exception;

        /** What has to be done before the next attempt when this gate fails. */
        String unblock();
    }
}
