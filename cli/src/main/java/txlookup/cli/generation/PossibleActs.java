package txlookup.cli.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Retirable;
import txlookup.apply.generation.Serving;
import txlookup.apply.generation.Switch;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.rebuild.serving.GenerationFigures;

/** What a generation takes, which acts are possible on it now, and why others are not. */
final class PossibleActs implements AutoCloseable {
    private final Connection connection;
    private final Profile profile;

    PossibleActs(Profile profile, SecretSource secrets) throws SQLException {
        this.profile = profile;
        this.connection = ActOptions.connect(profile, secrets);
    }

    /** Its rows, size, age and lag; empty once its schema is gone. */
    Optional<String> figures(Generation generation) throws SQLException {
        boolean hasSchema =
                generation.state() != State.PLANNED && generation.state().compareTo(State.RETIRING) < 0;
        return hasSchema
                ? Optional.of(GenerationFigures.of(connection, generation, Serving.read(connection))
                        .text())
                : Optional.empty();
    }

    /** A line for each act that makes sense for it; none once it is retired. */
    List<String> of(Generation generation) throws SQLException {
        Switch acts = new Switch(connection, profile.serving(), line -> {});
        long number = generation.number();
        if (generation.state() == State.RETIRED) {
            return List.of();
        }
        if (generation.state() == State.ACTIVE) {
            return List.of(line("rollback", acts.whyNotBack().orElse(null)));
        }
        String retire =
                Retirable.whyNot(connection, profile.serving(), number, false).orElse(null);
        return generation.state() == State.RETIRING
                ? List.of(line("retire", retire))
                : List.of(line("switch", acts.whyNot(number).orElse(null)), line("retire", retire));
    }

    private static String line(String act, @Nullable String whyNot) {
        return "%-8s %s".formatted(act, whyNot == null ? "possible" : "not now: " + whyNot);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
