package txlookup.cli.options;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.serving.LiveGenerations;

/**
 * The generation that a command works on, with connections to it.
 *
 * @param store closed with this
 */
public record ChosenGeneration(Generation generation, HikariDataSource store) implements AutoCloseable {
    /**
     * Opens it.
     *
     * @param role in which the connections act
     * @param wanted empty for the one that serves
     * @throws NoGenerationException when nothing serves, or the registry has no such generation, or its rows are gone
     */
    public static ChosenGeneration open(
            DatabaseRole role, Profile profile, SecretSource secrets, Optional<GenerationNumber> wanted)
            throws SQLException {
        long number = wanted.isPresent()
                ? wanted.get().value()
                : serving(profile, secrets).orElseThrow(ChosenGeneration::nothingServes);
        HikariDataSource store = StoreAccess.generation(role, profile, secrets, number);
        try {
            return in(store, number);
        } catch (SQLException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** That generation with connections to it that are there. */
    public static ChosenGeneration in(HikariDataSource store, long number) throws SQLException {
        return new ChosenGeneration(find(store, number), store);
    }

    private static Generation find(DataSource store, long number) throws SQLException {
        Generation found = new GenerationRegistry(store)
                .find(number)
                .orElseThrow(() -> new NoGenerationException(
                        "no generation %d; txlookup generation list shows all".formatted(number)));
        if (found.state() == Generation.State.RETIRED) {
            throw new NoGenerationException(
                    "generation %d is RETIRED, so its rows are gone; txlookup generation list shows all"
                            .formatted(number));
        }
        return found;
    }

    /** The number of the generation that serves; empty where none does. */
    public static Optional<Long> serving(Profile profile, SecretSource secrets) throws SQLException {
        try (HikariDataSource control = StoreAccess.control(DatabaseRole.READER, profile, secrets)) {
            return new LiveGenerations(control).serving().map(Serving::generation);
        }
    }

    private static NoGenerationException nothingServes() {
        return new NoGenerationException(
                "nothing serves; name one with --generation N; txlookup generation list shows all");
    }

    public long number() {
        return generation.number();
    }

    @Override
    public void close() {
        store.close();
    }
}
