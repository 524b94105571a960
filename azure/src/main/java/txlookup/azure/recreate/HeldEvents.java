package txlookup.azure.recreate;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.hub.HubPartitions;
import txlookup.azure.hub.StreamHeadroom;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;

/** Whether Event Hubs still has the events that a generation wants; asked in its own protocol, which the fake has not. */
final class HeldEvents {
    private final Profile profile;
    private final EnvironmentAccess access;
    private final HubPartitions.Opener hubs;
    private final Sleeper waiting;

    HeldEvents(Profile profile, EnvironmentAccess access, HubPartitions.Opener hubs, Sleeper waiting) {
        this.profile = profile;
        this.access = access;
        this.hubs = hubs;
        this.waiting = waiting;
    }

    /** One line that says how it stands; empty on this machine. */
    Optional<String> require(DataSource control, Generation generation, List<PartitionAnchor> next)
            throws IOException, InterruptedException, SQLException {
        Optional<String> namespace = access.namespace();
        if (namespace.isEmpty()) {
            return Optional.empty();
        }
        Instant since = new GenerationRegistry(control)
                .asOf(generation.number())
                .map(readAt -> readAt.minus(profile.cutover().overlap()))
                .orElse(generation.cutover());
        String login = access.connectionString().map(Secret::reveal).orElse(null);
        try (HubPartitions opened = hubs.open(namespace.get(), login)) {
            return Optional.of(new StreamHeadroom(
                            opened,
                            profile.messaging().retention(),
                            profile.cutover().margin())
                    .require(next, since, waiting.now()));
        }
    }
}
