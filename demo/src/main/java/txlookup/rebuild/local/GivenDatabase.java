package txlookup.rebuild.local;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.serving.LiveGenerations;

/** A database that the profile names, and that somebody else made: it may hold what another environment made. */
final class GivenDatabase {
    private GivenDatabase() {}

    /**
     * Refuses a database whose generations are not this environment's.
     *
     * @param address where it is, and its name
     * @param first the rebuild by which this environment was made, or is being made
     */
    static void requireOwn(DataSource control, String address, Optional<Journal> first) throws SQLException {
        if (new LiveGenerations(control).serving().isEmpty()) {
            return;
        }
        List<Generation> there = new GenerationRegistry(control).list();
        boolean isOwn = first.isPresent()
                && there.stream().anyMatch(one -> one.number() == first.get().generation());
        if (!there.isEmpty() && !isOwn) {
            throw new LocalEnvironmentException(
                    "Database %s holds generation %d, which another environment made; make an empty database and name it with --set database.name=..."
                            .formatted(address, there.get(0).number()));
        }
    }
}
