package txlookup.api.act;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.Acts;
import txlookup.apply.generation.Retirable;
import txlookup.apply.generation.Switch;
import txlookup.profiles.settings.ServingSettings;

/**
 * Switches and takes back at once, as the command line does; orders what needs more than a service may do: rebuilds and
 * retirements, which {@code txlookup generation take} carries out.
 */
@Component
public final class GenerationActs {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationActs.class);

    private final DataSource connections;
    private final ServingSettings settings;

    /** @param connections of no generation, which may change what serves */
    GenerationActs(@Qualifier("actConnections") DataSource connections, LookupApiSettings settings) {
        this.connections = connections;
        this.settings = settings.serving();
    }

    /** As {@link Switch#switchTo}. */
    public Act switchTo(long target, int share, Act.Order order, @Nullable String accepted)
            throws SQLException, InterruptedException {
        try (Connection connection = connections.getConnection()) {
            return switching(connection).switchTo(target, share, order, accepted);
        }
    }

    /** As {@link Switch#rollBack}. */
    public Act rollBack(Act.Order order, boolean acceptLag) throws SQLException, InterruptedException {
        try (Connection connection = connections.getConnection()) {
            return switching(connection).rollBack(order, acceptLag);
        }
    }

    /** Orders a retirement. */
    public Act retire(long target, Act.Order order, boolean early) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return new Acts(connection).orderRetirement(target, order, early, settings);
        }
    }

    /** Orders a rebuild beside what serves. */
    public Act rebuild(Act.Order order) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return new Acts(connection).orderRebuild(order);
        }
    }

    /** One act. */
    public Optional<Act> find(long id) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return new Acts(connection).find(id);
        }
    }

    /** The newest first. */
    public List<Act> newest(int limit) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return new Acts(connection).newest(limit);
        }
    }

    /** Why the generation may not be switched to now; empty when it may. */
    public Optional<String> whyNotSwitch(long target) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return switching(connection).whyNot(target);
        }
    }

    /** Why what was switched cannot be taken back now; empty when it can. */
    public Optional<String> whyNotBack() throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return switching(connection).whyNotBack();
        }
    }

    /** Why the generation may not be retired now; empty when it may. */
    public Optional<String> whyNotRetire(long target, boolean early) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            return Retirable.whyNot(connection, settings, target, early);
        }
    }

    private Switch switching(Connection connection) throws SQLException {
        return new Switch(connection, settings, line -> LOG.info("An act waits: {}", line));
    }
}
